"""What was computed of an extract independently of this project (`expected_headline.csv`) is what the outputs say.

`headlines.csv` names the row, column and statistic of each; the share in brackets beside a value, its limits, n and the
number at risk are read from its detail. Of a result that the file counts by group, the groups are columns.
"""

import csv
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from pipeline.publish.pages import all_results

ROOT = Path(__file__).parents[2]
WHERE = list(csv.DictReader((Path(__file__).parent / "headlines.csv").open(encoding="utf-8")))
NUMBER = r"(-?[\d.]+)"
DETAILS = (
    (rf"(?:CP95|log-log) {NUMBER}-{NUMBER}", ("lower%", "upper%")), (rf"^{NUMBER} %", ("estimate%",)),
    (rf"at risk {NUMBER}", ("at_risk",)), (rf"^n {NUMBER}", ("n",)),
)  # fmt: skip
pytestmark = pytest.mark.slow


@cache
def expected(study: str) -> dict[str, dict]:
    """The rows of a study's file of results known from outside, by what they tell."""
    with (ROOT / "data" / study / "expected_headline.csv").open(encoding="utf-8") as handle:
        return {row["RESULT"]: row for row in csv.DictReader(handle)}


def asked(row: dict, statistic: str, group: str) -> dict[str, str]:
    """What is expected, by statistic: {'n': '7', 'N': '28', 'estimate%': '25.0', 'lower%': '10.7', …}."""
    if of_group := re.search(rf"{re.escape(group)} {NUMBER}", row["DETAIL"]):
        return {statistic: of_group[1]}
    said = dict(zip(statistic.split("/"), row["VALUE"].split("/"), strict=True))
    if row["VALUE"].endswith(" %"):
        said = {f"{statistic}%": row["VALUE"].removesuffix(" %")}
    for pattern, names in DETAILS:
        found = re.search(pattern, row["DETAIL"])
        said |= dict(zip(names, found.groups(), strict=True)) if found else {}
    return said


def as_printed(value: float, like: str) -> str:
    """The value with as many decimals as the expected one, half away from zero."""
    return str(Decimal(repr(round(float(value), 9))).quantize(Decimal(like), ROUND_HALF_UP))


def found(results: pd.DataFrame, at: dict, said: dict[str, str]) -> dict[str, str]:
    """What the results say in place of what is expected."""
    cell = results[(results["OUTPUT"] == at["output"]) & (results["GROUP"] == at["group"])
                   & (results["ROWID"].str.split(" / ").str[-1] == at["row"])].set_index("STATISTIC")  # fmt: skip
    values = {}
    for name, like in said.items():
        one = cell.loc[name.removesuffix("%")] if name.removesuffix("%") in cell.index else None
        if one is None or name == "text":
            values[name] = "" if one is None else one["VALUEC"]
        else:
            values[name] = as_printed(one["VALUE"] * (100 if name.endswith("%") else 1), like)
    return values


@pytest.mark.parametrize("study", sorted({at["study"] for at in WHERE}))
def test_each_result_known_from_outside_is_what_the_outputs_say(study, study_build):
    results = all_results(study_build(study))
    wrong = []
    for at in (at for at in WHERE if at["study"] == study):
        said = asked(expected(study)[at["result"]], at["statistic"], at["group"])
        if (got := found(results, at, said)) != said:
            wrong.append((at["result"], at["group"], said, got))

    assert wrong == []


@pytest.mark.parametrize("study", sorted({at["study"] for at in WHERE}))
def test_every_result_known_from_outside_has_its_place(study):
    assert {at["result"] for at in WHERE if at["study"] == study} == set(expected(study))
