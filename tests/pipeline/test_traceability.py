"""Every number of every output of the example study walks back to lines of the eCRF files."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.engine.graph import order
from pipeline.publish.build import Request, opened
from pipeline.review.behind import all_behind
from pipeline.review.library import library
from pipeline.why import lineage
from pipeline.why.cells import telling
from pipeline.why.trace import sources_of_record, trace
from tlf.lines import lines as lines_of
from tlf.results import BELOW
from tlf.rows.kinds import Levels, Shift, Terms

ROOT = Path(__file__).resolve().parents[2]
WAY = ["DATASET", "POPULATION", "WHERE"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def build(example_out):
    """The example build with all its nodes at hand."""
    build = opened(Request(root=str(ROOT), out=str(example_out)))
    for name in order(build.graph):
        build.ensure(name)
    return build


@pytest.fixture(scope="module")
def numbers(build):
    """All result rows that hold a number or a text of subjects (no decisions)."""
    rows = pd.concat([build.frame(name) for name in build.specs.outputs], ignore_index=True)
    return rows[(rows["STATISTIC"] != "decision") & (rows["VALUE"].notna() | (rows["VALUEC"] != ""))]


@pytest.fixture(scope="module")
def seen(build, numbers):
    """The datasets that any output reads, as outputs see them."""
    return lineage.seen(build, *numbers["DATASET"].unique())


def selected(seen, numbers):
    """Every way to select records that numbers name, once, with the records."""
    for way in numbers[WAY].drop_duplicates().to_dict("records"):
        yield way, lineage.behind(seen, way)


@pytest.fixture(scope="module")
def subjects(seen, numbers):
    """The subjects behind every way to select records."""
    found = selected(seen, numbers)
    return {tuple(way[word] for word in WAY): frozenset(records["USUBJID"]) for way, records in found}


@pytest.fixture(scope="module")
def shown(build):
    """The way from numbers to lines as the review site has it."""
    return all_behind(build, library(build), {one: at for at, one in enumerate(build.frame("adsl")["USUBJID"])})


@pytest.mark.parametrize("seed", [1, 2])
def test_the_review_site_leads_to_the_lines_that_a_trace_tells(build, numbers, shown, seen, seed):
    ways = telling(numbers).drop_duplicates(WAY).sample(20, random_state=seed)

    for way in ways.to_dict("records"):
        dataset = way["DATASET"] or "adsl"
        condition = f"{way['WHERE']} {way['POPULATION'] if dataset == 'adsl' else ''}"
        records = lineage.behind(seen, way)
        told = lineage.ecrf_lines(build, lineage.sdtm_records(build, dataset, records, condition))
        places = shown.places(dataset, way["WHERE"], way["POPULATION"])
        assert list(records.index) == list(places), way
        assert lines_shown(shown, dataset, places, condition) == set(zip(told["FILE"], told["LINE"], strict=True)), way


def lines_shown(shown, dataset, places, condition):
    """File and line of all that the site shows below these records of a dataset."""
    own = list(zip(*(one.tolist() for one in shown.sources(dataset)), strict=True))
    chosen, saying = set(places), {row for row, _, _ in own}
    found = {(to, at) for row, to, at in own if row in chosen}
    name = shown.standing(dataset, places, shown.named(dataset, condition))
    if name:
        silent = [place for place in places if place not in saying]
        subjects = shown.positions.records.data[dataset]["USUBJID"].iloc[silent].unique()
        runs = [json.loads(shown.stands[name]).get(str(shown.people[one]), []) for one in subjects]
        found |= {(told[n], told[n + 1] + more) for told in runs for n in range(0, len(told), 3)
                  for more in range(told[n + 2])}  # fmt: skip
    known, told = shown.library, set()
    for to, name in {(to, known.shown[to].name) for to, _ in found}:
        for file, places, lines in known.lines.get(name, ()):
            numbers = pd.concat(known.shown[file].read(None))["LINE"].to_numpy()
            behind = [at for place, at in zip(places.tolist(), lines.tolist(), strict=True) if (to, place) in found]
            told |= {(known.shown[file].name, numbers[at]) for at in behind}
    return told


def test_every_count_is_the_number_of_subjects_its_row_selects(subjects, numbers):
    counts = numbers[numbers["STATISTIC"].isin(("n", "N")) & numbers["VALUE"].notna()]
    again = [len(subjects[way]) for way in counts[WAY].itertuples(index=False, name=None)]
    wrong = counts[counts["VALUE"] != again]

    assert not wrong[["OUTPUT", "ROWID", "GROUP", "STATISTIC", "VALUE"]].to_dict("records")


@pytest.fixture(scope="module")
def told(build, numbers):
    """The counts of levels and terms in tables: with the kind of their row, the row above, and how deep they stand."""
    rows = {
        (line.key.set, line.key.row, output.shell.output): line.row
        for output in build.specs.outputs.values()
        if output.shell.kind == "table"
        for line in lines_of(output.shell)
    }
    counts = numbers[(numbers["STATISTIC"] == "n") & (numbers["LEVEL"] != "")]
    base, _, path = counts["ROW"].str.partition(BELOW).T.to_numpy()
    kinds = [rows.get(key) for key in zip(counts["SET"], base, counts["OUTPUT"], strict=True)]
    above = counts["ROW"].where(path == "", counts["ROW"].str.rpartition(BELOW)[0])
    depth = counts["ROW"].str.count(BELOW)
    return counts.assign(KIND=kinds, ABOVE=above, DEPTH=depth)


def apart(row, depth):
    """True for what shares no subject: levels, combinations of a shift, parts of a term by one record of a subject."""
    return isinstance(row, Levels | Shift) or (isinstance(row, Terms) and row.take != "" and depth > len(row.by))


def test_levels_share_no_subject(subjects, told):
    levels = told[[apart(row, depth) for row, depth in zip(told["KIND"], told["DEPTH"], strict=True)]]
    for place, rows in levels.groupby(["OUTPUT", "SET", "ABOVE", "COLUMN", "DATASET", "POPULATION"]):
        union = frozenset().union(*(subjects[way] for way in rows[WAY].itertuples(index=False, name=None)))
        assert rows["VALUE"].sum() == len(union), place
    assert {type(kind) for kind in levels["KIND"]} == {Levels, Shift, Terms}


def test_the_terms_below_a_term_are_of_all_its_subjects_and_of_nobody_else(subjects, told):
    terms = told[[isinstance(k, Terms) and d <= len(k.by) for k, d in zip(told["KIND"], told["DEPTH"], strict=True)]]
    place, walked = ["OUTPUT", "SET", "COLUMN"], 0
    below = terms.groupby([*place, "ABOVE"])
    for row in terms.to_dict("records"):
        if row["DEPTH"] < len(row["KIND"].by):
            rows = below.get_group(tuple(row[word] for word in (*place, "ROW")))
            union = frozenset().union(*(subjects[way] for way in rows[WAY].itertuples(index=False, name=None)))
            assert union == subjects[tuple(row[word] for word in WAY)], (row["OUTPUT"], row["ROWID"])
            walked += 1
    assert walked > 100


def test_every_number_leads_to_lines_that_are_in_the_delivered_files(build, seen, numbers):
    """A dataset is walked once for the variables that a condition names; then every number asks for its records."""
    led: dict[tuple, frozenset] = {}
    lost, walked = [], []
    for way, records in selected(seen, numbers):
        dataset = way["DATASET"]
        condition = f"{way['WHERE']} {way['POPULATION'] if dataset == 'adsl' else ''}"
        asked = dataset, *lineage.variables_named(condition, build.specs.datasets[dataset])
        if asked not in led:
            sources = lineage.sources_by_record(build, dataset, seen.where(dataset, ""), condition)
            lines = lineage.ecrf_lines(build, sources)
            led[asked] = frozenset(lines["ROW"])
            walked.append(lines[["FILE", "LINE", "RECORD"]].drop_duplicates())
        there = records.loc[records.index.isin(led[asked]), "USUBJID"]
        lost += [(dataset, way["WHERE"], subject) for subject in set(records["USUBJID"]) - set(there)]

    assert not lost
    lines = pd.concat(walked).drop_duplicates()
    assert len(lines) > 10_000
    for file, named in lines.groupby("FILE"):
        sheet = build.delivery.read(file)
        texts = {n: ",".join(row) for n, row in zip(sheet.lines, sheet.rows, strict=True)}
        for line, record in zip(named["LINE"], named["RECORD"], strict=True):
            assert record.split("/")[0] in texts[int(line)], (file, line, record)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["T-14.2.1", "Complete response at Day 100", "--column", "Part B"], ["RESP.csv line", "CRD100_HIGH = 107"]),
        (["t_14_3_1", "Subjects with a dose-limiting toxicity"], ["AE.csv line", "DLT_MED = COND"]),
        (["T-14.3.2", "CRS of grade 3 or higher", "--column", "A+B"], ["AE.csv line", "CRSMAXGR"]),
        (["T-14.1.2", "Refractory"], ["DX.csv line", "RELREF"]),
        (["T-14.2.2", "Median OS in months", "--column", "Part A"], ["SURV.csv line", "sha256"]),
        (["adpp", "USUBJID=1010001", "PARAMCD=AUC028"], [f"PCSEQ={n} <- QPCR.csv line" for n in (2, 3, 4, 5)]),
        (["pp", "USUBJID=1010001", "PPTESTCD=CMAX"], [f"PCSEQ={n} <- QPCR.csv line" for n in (1, 2, 3, 4, 5)]),
    ],
)
def test_trace_prints_the_way_to_the_ecrf(example_out, words, expected):
    result = CliRunner().invoke(trial, ["trace", *words, "--root", str(ROOT), "--out", str(example_out)])

    assert result.exit_code == 0, result.output
    for text in expected:
        assert text in result.output


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["T-14.2.1", "Complete responze"], "No row"),
        (["T-14.2.1", "Complete response", "--column", "Part C"], "did you mean Part"),
        (["T-14.9.9", "x"], "Unknown target"),
        (["adtte", "PARAM=PFS", "SUBJECT=1"], "has no variable SUBJECT"),
        (["adtte", "USUBJID=nobody"], "No record of ADTTE"),
        (["adtte", "PFS"], "say: trial trace adtte VARIABLE=value"),
    ],
)
def test_trace_answers_a_wrong_word_plainly(example_out, words, cure):
    result = CliRunner().invoke(trial, ["trace", *words, "--root", str(ROOT), "--out", str(example_out)])

    assert result.exit_code == 2
    assert cure in result.output


@pytest.mark.parametrize("study", ["iomab_act", "bsab12"])
def test_every_dataset_is_traced_without_a_condition(study, study_build):
    """Also datasets without records, without subjects (trial design) and of a study that collects little."""
    build = study_build(study)
    without = {"RELREC", "TA", "TE", "TI", "TS", "TV"}
    for name, spec in build.specs.datasets.items():
        if name not in build.graph or spec.intermediate:
            continue
        records, *lines = trace(build, name, (), "", "", everybody=False)
        led = any("<-" in line for line in lines)
        assert led == (spec.dataset not in without and ": 0 record" not in records), name


def test_what_rests_on_several_records_is_handed_out_with_all_of_them(example_out):
    behind = pd.read_parquet(Path(example_out) / "lineage" / "adpp.parquet")
    made = pd.read_parquet(Path(example_out) / "adam" / "adpp.parquet")
    samples = pd.read_parquet(Path(example_out) / "sdtm" / "pc.parquet").set_index(["USUBJID", "PCSEQ"])
    keys = ["USUBJID", "PARCAT1", "PPSPEC", "PCMETHOD", "PARAMCD"]

    assert set(behind[keys].itertuples(index=False)) == set(made[keys].itertuples(index=False))
    assert set(behind[["USUBJID", "SRCSEQ"]].itertuples(index=False, name=None)) <= set(samples.index)
    of_areas = behind[behind["PARAMCD"] == "AUC028"].groupby("USUBJID").size()
    assert of_areas.max() > 5


NOTHING_FOUND = ("N", "0", "MISSING")  # says that no record shows it
OF_NOBODY = {"relrec", "ta", "te", "ti", "ts", "tv"}  # said by the specs, of no subject


@pytest.fixture(scope="module", params=["iomab_act", "bsab12"])
def products(request, study_out):
    """The name and the products of each example study."""
    return request.param, Path(study_out(request.param))


def test_every_value_of_an_analysis_dataset_names_its_records_or_says_that_there_is_none(products):
    _, out = products
    sources, without = pd.read_parquet(out / "lineage.parquet"), []
    for path in sorted((out / "adam").glob("*.parquet")):
        records = pd.read_parquet(path).reindex(columns=["USUBJID", "PARAMCD", "AVAL", "AVALC"])
        named = (records.index + 1).isin(sources.loc[sources["DATASET"] == path.stem.upper(), "ROW"])
        valued = records[["AVAL", "AVALC"]].notna().any(axis="columns")
        lost = records[valued & ~named & ~records["AVALC"].isin(NOTHING_FOUND)]
        without += [(path.stem, *row) for row in lost[["USUBJID", "PARAMCD"]].itertuples(index=False)]

    assert not without


def test_every_record_named_as_a_source_is_there(products):
    _, out = products
    sources = pd.read_parquet(out / "lineage.parquet")
    parents = sources["SRCDOM"].str.removeprefix("SUPP")  # a qualifier goes by the number of its record
    for domain, named in sources[sources["SRCSEQ"].notna()].groupby(parents):
        records = pd.read_parquet(out / "sdtm" / f"{domain.lower()}.parquet")
        there = pd.MultiIndex.from_frame(records[["USUBJID", f"{domain}SEQ"]].astype({f"{domain}SEQ": "float64"}))
        assert pd.MultiIndex.from_frame(named[["USUBJID", "SRCSEQ"]]).isin(there).all(), domain


def test_records_of_every_dataset_walk_to_lines_of_the_delivery(products):
    study, out = products
    build = opened(Request(root=str(ROOT), study=study, out=str(out)))
    for name in order(build.graph):
        build.ensure(name)
    lost = []
    for path in sorted([*(out / "sdtm").glob("*.parquet"), *(out / "adam").glob("*.parquet")]):
        name, records = path.stem, pd.read_parquet(path)
        by = next((n for n in ("PARAMCD", f"{name.upper()}TESTCD", "QNAM") if n in records), None)
        some = records.drop_duplicates(by) if by else records.head(5)
        lost += [
            (name, record["USUBJID"], record.get(by))
            for record in (some.to_dict("records") if name not in OF_NOBODY else ())
            if lineage.ecrf_lines(build, sources_of_record(build, name, pd.DataFrame([record]))).empty
        ]

    assert not lost
