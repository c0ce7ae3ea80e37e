"""Results as data: every printed number with its text, as CDISC ARS and in the shape of R's cards."""

import importlib.util
import json
import re
from collections import Counter
from dataclasses import replace
from math import nan
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.engine.store import Cache, parquet_bytes
from pipeline.ground.grammar import parsed
from pipeline.publish import pages, results_pieces
from pipeline.publish.ard import ADDRESS, ard, with_printed
from pipeline.publish.ars.analyses import population_of
from pipeline.publish.ars.conditions import expression, split
from pipeline.publish.ars.event import reporting_event
from pipeline.publish.pages import body_of, page_of_specs
from pipeline.publish.printed import FORMATTED, first_of_each
from pipeline.publish.results_file import EVENT, KEPT, results_as_joined
from tlf.results import COLUMNS
from tlf.shell import AT, heard, rounded

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Members that a class of the model must have (ARS 1.0, ars_ldm).
REQUIRED = {
    "analyses": {"id", "name", "reason", "purpose", "methodId"}, "methods": {"id", "name", "operations"},
    "analysisSets": {"id", "name", "level", "order"}, "dataSubsets": {"id", "name", "level", "order"},
    "analysisGroupings": {"id", "name", "dataDriven"}, "outputs": {"id", "name", "displays"},
    "terminologyExtensions": {"id", "sponsorTerms"},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(study_build):
    """The first output of each family, with the texts printed: results, bodies by number, shells, specs."""
    build = study_build("iomab_act")
    chosen = {}
    for name, output in build.specs.outputs.items():
        chosen.setdefault((output.shell.family, output.shell.kind), name)
    parts, bodies = [], {}
    for name in chosen.values():
        results = build.frame(name)
        with heard() as said:
            bodies[build.specs.outputs[name].shell.output] = body_of(build, name)
        known = first_of_each(said, results).assign(OUTPUT=build.specs.outputs[name].shell.output)
        told = results.merge(known, on=ADDRESS, how="left")
        parts.append(told.assign(**{FORMATTED: told[FORMATTED].fillna(told["VALUEC"]).astype("str")}))
    shells = [build.specs.outputs[name].shell for name in chosen.values()]
    return pd.concat(parts, ignore_index=True), bodies, shells, build.specs


@pytest.fixture(scope="module")
def event(made):
    """The reporting event of these outputs."""
    results, _, shells, specs = made
    pages = {shell.output: page_of_specs(shell, specs) for shell in shells}
    return json.loads(reporting_event(results, shells, pages, "S", "1a2b"))


@pytest.mark.slow
def test_every_number_of_a_table_is_a_result_with_its_printed_text(made, event):
    _, bodies, *_ = made
    analyses = {one["id"]: one for one in event["analyses"]}
    items = event["mainListOfContents"]["contentsList"]["listItems"]
    own = {one["outputId"]: [analyses[item["analysisId"]] for item in one["sublist"]["listItems"]] for one in items}
    lost = {}
    for output, body in bodies.items():
        texts = [result.get("formattedValue", "") for one in own[output] for result in one["results"]]
        told = {number for text in texts for number in NUMBER.findall(text)}
        rows = [row for row in getattr(body, "rows", ()) if len(row.cells) > 1]
        printed = {number for row in rows for cell in row.cells[1:] for number in NUMBER.findall(cell)}
        lost |= {output: printed - told} if printed - told else {}

    assert sum(len(getattr(body, "rows", ())) for body in bodies.values()) > 100
    assert lost == {}


@pytest.mark.slow
def test_every_result_stands_in_the_event_once_with_its_raw_value(made, event):
    results, *_ = made
    told = Counter(result.get("rawValue", "") for one in event["analyses"] for result in one["results"])

    assert sum(told.values()) == len(results)
    assert told[""] == (results["VALUE"].isna() & results["VALUEC"].eq("")).sum()
    numbers = results["VALUE"].dropna()
    assert sum(float(raw) * n for raw, n in told.items() if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", raw)) == (
        pytest.approx(numbers.sum() + pd.to_numeric(results["VALUEC"].where(results["VALUE"].isna()), "coerce").sum())
    )


@pytest.mark.slow
def test_what_the_model_requires_is_there_and_every_id_names_one_thing(event):
    lacking = [(kind, one["id"]) for kind, needed in REQUIRED.items() for one in event[kind] if needed - one.keys()]
    ids = [one["id"] for kind in REQUIRED for one in event[kind]]
    ids += [operation["id"] for one in event["methods"] for operation in one["operations"]]

    assert {"id", "name", "mainListOfContents"} <= event.keys()
    assert lacking == []
    assert [name for name, times in Counter(ids).items() if times > 1] == []


@pytest.mark.slow
def test_every_reference_leads_to_what_it_names(event):
    known = {kind: {one["id"] for one in event[kind]} for kind in REQUIRED}
    operations = {one["id"] for method in event["methods"] for one in method["operations"]}
    roles = {told["id"] for method in event["methods"] for one in method["operations"]
             for told in one.get("referencedOperationRelationships", [])}  # fmt: skip
    groups = {group["id"] for one in event["analysisGroupings"] for group in one.get("groups", [])}
    dead = []
    for one in event["analyses"]:
        dead += [one["id"]] * (one["methodId"] not in known["methods"])
        dead += [one["id"]] * (one["analysisSetId"] not in known["analysisSets"])
        dead += [one["id"]] * (one.get("dataSubsetId", "DS1") not in known["dataSubsets"])
        dead += [told for told in one.get("referencedAnalysisOperations", [])
                 if told["referencedOperationRelationshipId"] not in roles]  # fmt: skip
        named = {told["groupingId"] for told in one["orderedGroupings"]}
        for result in one["results"]:
            dead += [result] * (result["operationId"] not in operations)
            for group in result.get("resultGroups", []):
                dead += [group] * (group["groupingId"] not in named or group.get("groupId", "") not in {"", *groups})

    assert dead == []
    items = event["mainListOfContents"]["contentsList"]["listItems"]
    assert [one["outputId"] for one in items] == [one["id"] for one in event["outputs"]]
    assert [item["analysisId"] for one in items for item in one["sublist"]["listItems"]] == (
        [one["id"] for one in event["analyses"]]
    )


@pytest.mark.slow
def test_the_reader_in_the_docs_prints_a_table_from_the_event_alone(made, event):
    module = importlib.util.spec_from_file_location("ars_reader", ROOT / "docs" / "ars_reader.py")
    reader = importlib.util.module_from_spec(module)
    module.loader.exec_module(reader)
    results, _, shells, _ = made
    shell = next(one for one in shells if one.family == "toxicity")
    lines = reader.table(event, shell.output)
    row = results[results["OUTPUT"].eq(shell.output) & results["STATISTIC"].isin(["n", "estimate"])].head(2)

    assert lines[:2] == [shell.output, " ".join(shell.title)]
    line = next(line for line in lines if line.startswith(row["ROWID"].iloc[0]))
    assert row["GROUP"].iloc[0] + ": " + row[FORMATTED].iloc[0] in line


@pytest.mark.slow
def test_the_event_is_the_same_each_time(made, event):
    results, _, shells, specs = made
    pages = {shell.output: page_of_specs(shell, specs) for shell in shells}

    assert json.loads(reporting_event(results, shells[::-1], pages, "S", "1a2b"))["analyses"] == event["analyses"]


def test_a_number_is_told_as_printed_as_a_figure_tells_it_or_not_at_all():
    said = pd.DataFrame([["", "any", "", "A", "n", "8"]], columns=[*AT, FORMATTED], dtype="str")
    outputs = {name: SimpleNamespace(shell=SimpleNamespace(output=number, kind=kind))
               for name, number, kind in (("t_1", "T-1", "table"), ("f_1", "F-1", "figure"))}  # fmt: skip
    entry = SimpleNamespace(files={"t_1.printed.parquet": "8a"})
    cache = SimpleNamespace(read=lambda *_: parquet_bytes(said))
    build = SimpleNamespace(specs=SimpleNamespace(outputs=outputs), entries={"pages:t_1": entry}, cache=cache)
    blank = dict.fromkeys(COLUMNS, "") | {"ROW": "any", "COLUMN": "A"}
    rows = [("T-1", "n", 8.0, "", "8"), ("T-1", "sd", 1.5, "", ""), ("T-1", "text", nan, "Fever", "Fever"),
            ("F-1", "value", 1.23456, "", "1.235"), ("F-1", "n", 12.0, "", "12"),
            ("F-1", "median", nan, "", "")]  # fmt: skip
    results = pd.DataFrame([blank | dict(zip(("OUTPUT", "STATISTIC", "VALUE", "VALUEC"), one, strict=False))
                            for one in rows])  # fmt: skip

    assert with_printed(results, build)[FORMATTED].tolist() == [one[-1] for one in rows]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("", {}),
        ('SAFFL == "Y"', {"condition": ("SAFFL", "EQ", ["Y"])}),
        ("AGE >= 65", {"condition": ("AGE", "GE", ["65"])}),
        ('COHORT in ["A", "B"]', {"condition": ("COHORT", "IN", ["A", "B"])}),
        ('SEX not in ["M"]', {"condition": ("SEX", "NOTIN", ["M"])}),
        ("DTHDT == DTHDT", {"condition": ("DTHDT", "NE", [])}),
        ('DTHDT == ""', {"condition": ("DTHDT", "EQ", [])}),
        ("ADT <= CUTDT", {}),
        ('SAFFL == "Y" and not AGE < 65', {"AND": [("SAFFL", "EQ", ["Y"]), {"NOT": [("AGE", "LT", ["65"])]}]}),
    ],
)
def test_a_clause_is_said_as_ars_says_conditions_or_not_at_all(clause, expected):
    def short(told):
        if "condition" in told:
            one = told["condition"]
            assert one["dataset"] == "ADSL"
            return one["variable"], one["comparator"], one["value"]
        inner = told["compoundExpression"]
        return {inner["logicalOperator"]: [short(part) for part in inner["whereClauses"]]}

    told = expression((parsed(clause).node,) if clause else (), "ADSL")
    said = {} if not told else {"condition": short(told)} if "condition" in told else short(told)
    assert said == expected


@pytest.mark.parametrize(
    ("where", "level", "parts", "subject", "by"),
    [
        ('PARAMCD == "OS"', "", 1, "", ""),
        ('(PARAMCD == "SPD") and (USUBJID == "S-1") and (CARTDY == 30)', "30", 1, "S-1", "CARTDY"),
        ('USUBJID == ""', "", 1, "", ""),
        ('ATOXGR == 3 or ATOXGR == 4', "3", 1, "", ""),
    ],
)
def test_subject_and_level_of_a_clause_are_groups(where, level, parts, subject, by):
    told = split(where, level)

    assert (len(told.rest), told.subject, told.by) == (parts, subject, by)
    assert split(told.told, "").rest == told.rest


@pytest.mark.parametrize(
    ("population", "column", "expected"),
    [
        ('(SAFFL == "Y") and (COHORT == "A")', 'COHORT == "A"', 'SAFFL == "Y"'),
        ('COHORT == "A"', 'COHORT == "A"', ""),
        ('SAFFL == "Y"', "", 'SAFFL == "Y"'),
        ('(SAFFL == "Y") and (SEX == "F")', 'COHORT == "A"', '(SAFFL == "Y") and (SEX == "F")'),
    ],
)
def test_the_column_is_a_group_and_not_of_the_analysis_set(population, column, expected):
    assert population_of(population, column) == expected


@pytest.mark.slow
def test_the_ard_has_the_columns_and_names_of_cards(made):
    results, _, shells, _ = made
    told = ard(results, shells)
    toxicity = next(one for one in shells if one.family == "toxicity")
    cell = told[told["output"].eq(toxicity.output) & told["row"].eq("any") & told["column"].eq("A")]
    cell = cell[cell["set"].eq(cell["set"].iloc[0])]
    wide = cell.set_index("stat_name")

    assert list(told)[:10] == ["group1", "group1_level", "variable", "variable_level", "context", "stat_name",
                               "stat_label", "stat", "stat_fmt", "warning"]  # fmt: skip
    assert len(told) == len(results)
    assert {"n", "N", "p", "conf.low", "conf.high"} <= set(wide.index)
    assert set(cell["group1"] + "=" + cell["group1_level"]) == {"COHORT=A"}
    assert float(wide.loc["p", "stat"]) == float(wide.loc["n", "stat"]) / float(wide.loc["N", "stat"])
    assert wide.loc["p", "stat_fmt"] == rounded(100 * float(wide.loc["p", "stat"]), 1)
    assert set(told["context"]) <= {"text", "survival", "continuous", "categorical", "dichotomous", "other"}


@pytest.mark.slow
def test_results_laid_out_before_are_taken_from_the_cache_and_a_new_title_is_told(made, tmp_path, monkeypatch):
    results, _, shells, specs = made
    results = results.drop(columns=FORMATTED)
    monkeypatch.setattr(pages, "run_identity", lambda build: "1a2b")
    build = SimpleNamespace(specs=specs, cache=Cache(tmp_path))
    before = results_as_joined(build, results)
    name, one = next((name, one) for name, one in specs.outputs.items() if one.shell == shells[0])
    titled = replace(one, shell=replace(one.shell, title=("A new title",)))
    build.specs = replace(specs, outputs={**specs.outputs, name: titled})
    monkeypatch.setattr(results_pieces, "_files", None)
    after = results_as_joined(build, results)

    assert before[KEPT] == after[KEPT]
    assert b'"displayTitle":"A new title"' in build.cache.read(EVENT, after[EVENT], "ars.json")
    assert b'"displayTitle":"A new title"' not in build.cache.read(EVENT, before[EVENT], "ars.json")
