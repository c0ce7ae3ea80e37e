"""Which of a coded field's text and code goes into SDTM, by the rules and codelists of the study's mapping."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd

from pipeline.ground.units import look_up
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.terms import terms

Taken = Callable[[str, str, str, str], str]  # of form, field, text and code
CODE, TEXT = "the code goes into SDTM", "the text goes into SDTM"
TAKES = {"assign": TEXT, "assign_upper": TEXT, "assign_code": CODE}


def by_rule(form: str, field: str, text: str, code: str) -> str:
    """What holds of every study."""
    return "the code goes into SDTM where the terminology knows it, else the text"


def by_mapping(specs: Specs) -> Taken:
    """What the study's mapping takes of a field; its sheets and terminology are read when first asked."""

    @cache
    def rows() -> pd.DataFrame:
        sheets = [load_table(path).assign(domain=domain) for domain, path in specs.mappings.items()]
        tests = [_written_out(load_table(path)) for path in specs.tests.values()]
        return pd.concat([*sheets, *tests], ignore_index=True).fillna("")

    @cache
    def known(codelist: str) -> dict[str, str]:
        ct = pd.concat([load_table(path) for path in specs.table_files("ct")], ignore_index=True)
        return terms(ct, codelist)

    def taken(form: str, field: str, text: str, code: str) -> str:
        own = rows()[(rows()["form"] == form) & (rows()["source"].str.split().str[0] == field)]
        said = []
        for domain, target, rule, words in own[["domain", "target", "rule", "source"]].to_numpy():
            listed = words.split()[1] if rule == "lookup" else _codelist(specs, domain, target)
            code_known = rule in ("lookup", "assign_ct") and look_up(code, known(listed), listed)
            said.append(TAKES.get(rule, CODE if code_known else TEXT))
        several = {CODE, TEXT} <= set(said)
        return "by some rows of the mapping the code goes into SDTM, by others the text" if several else (
            said[0] if said else "neither goes into SDTM")  # fmt: skip

    return taken


def _codelist(specs: Specs, domain: str, target: str) -> str:
    variable = specs.datasets[domain].by_name.get(target) if domain in specs.datasets else None
    return variable.codelist if variable else ""


def _written_out(tests: pd.DataFrame) -> pd.DataFrame:
    """The rows of a mapping sheet that tests stand for, as far as text and code go."""
    looked = tests.assign(rule="lookup", source=tests["field"] + " " + tests["list"])[tests["list"] != ""]
    plain = tests.assign(rule="assign", source=tests["field"])[tests["list"] == ""]
    return pd.concat([looked, plain])[["form", "rule", "source"]].assign(domain="", target="")
