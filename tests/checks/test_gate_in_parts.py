"""The gate of a build is made in parts: a part stands while what it was handed is as it was, and never longer."""

import csv
import io
import random
from dataclasses import replace
from functools import partial

import pandas as pd
import pyarrow.parquet as pq
import pytest
from mini_study import extract, files, project, vital

from pipeline.engine.parquet_columns import ParquetColumns
from pipeline.engine.partition import partition_of
from pipeline.engine.store import MANY, parquet_bytes, read_parquet
from pipeline.gate import of_build
from pipeline.gate.checks import handed, running
from pipeline.gate.checks.catalogue import Check, rules
from pipeline.gate.checks.engine import forms_of, run_over
from pipeline.gate.checks.handed import ColumnsOnce, View
from pipeline.gate.checks.parsed import anchor
from pipeline.gate.fields import OfFields, codelists, raw_form
from pipeline.gate.of_build import ReadExtract
from pipeline.gate.parts import Parts
from pipeline.gate.step import open_findings, open_in_parts
from pipeline.intake.delivery import open_delivery

DAY = "2026-01-31"
CHANGES = 10
CHECKS = """
- {id: HOT, form: VS, severity: major, responsible: site, field: TEMP, where: TEMP > 40, message: "{TEMP}", why: fever}
- {id: NOTED, form: VS, severity: minor, responsible: site, field: NOTE, where: NOTE == "?", message: "{NOTE}", why: w}
- {id: FUTURE, form: every, severity: major, responsible: site, rule: after_extraction, message: late, why: time}
- {id: TWICE, form: every, severity: major, responsible: site, rule: entered_twice, message: "as {first}", why: twice}
- {id: SHARED, form: every, severity: major, responsible: site, rule: id_of_two_subjects, message: "{others}", why: id}
- {id: ANOTHER, form: every, severity: major, responsible: site, rule: number_of_another, message: "{other}", why: id}
- {id: SITE, form: every, severity: major, responsible: site, rule: of_another_site, message: "{expected}", why: site}
- {id: LONG, form: every, severity: minor, responsible: site, rule: too_long, message: "{length}", why: text}
- {id: ENTRY, form: every, severity: minor, responsible: site, rule: after_entry, with: {days: "2"}, message: m, why: w}
- {id: ALONE, form: LAB, severity: minor, responsible: sender, rule: without, with: {form: VS}, message: none, why: w}
- {id: GONE, form: VS, severity: minor, responsible: site, rule: inactivated_yet_needed,
   with: {roles: {VS: "DM: AGE > 1"}}, message: "{other}", why: w}
"""
VALUES = ("", "?", "1010001", "1010002", "1020001", "D1", "0", "99", "36.9", "08 JAN 2026", "01 FEB 2026", "2", "text")
PEOPLE = (("1010001", "44"), ("1010002", "50"), ("1020001", "61"))
LABS = (["101-0001", "A1", "HB", "12"], ["101-0002", "A2", "HB", "11"], ["102-0001", "A2", "HB", "300"])
VITALS = [vital("1", "37"), vital("2", "41.5"), vital("3", "36", "1010002", note="fine"), vital("4", "36", "1010002"),
          vital("5", "39", "1020001", active="0")]  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study of three forms with checks of its own, and an extract of it."""
    root = tmp_path_factory.mktemp("mini")
    specs = project(root)
    (specs.folder / "checks").mkdir()
    (specs.folder / "checks" / "own.yaml").write_text(CHECKS)
    return specs, extract(root, DAY, files(VITALS, LABS, PEOPLE)).folder


def read(specs, delivery, earlier=(), written=parquet_bytes):
    """What a build would have read of the extract."""
    made = {"DM": raw_form(delivery, specs, "DM", None)}
    made |= {form: raw_form(delivery, specs, form, made["DM"][0]) for form in ("LAB", "VS")}
    stored = {form: written(records) for form, (records, _) in made.items()}
    return ReadExtract(ParquetColumns([*stored], stored.__getitem__), lambda form: made[form][1], "code", earlier)


def kept(parts):
    """What a run leaves for the next, as it is read from the store."""
    stored = {name: parquet_bytes(one) if isinstance(one, pd.DataFrame) else one.encode()
              for name, one in parts.files().items()}  # fmt: skip
    return {name: partial(read_parquet if name.endswith(".parquet") else bytes, one) for name, one in stored.items()}


def in_parts(specs, folder, earlier=()):
    delivery = open_delivery(folder)
    return open_in_parts(specs, delivery, DAY, read(specs, delivery, earlier))


def put(folder, form, line, name, value):
    """Write a value into one cell; the header is line 0."""
    path = folder / f"{form}.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    rows[line][rows[0].index(name)] = value
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(rows)


def changed(study, root, form, line, name, value):
    """Another extract in which one cell has another value."""
    delivery = extract(root, DAY, files(VITALS, LABS, PEOPLE))
    put(delivery.folder, form, line, name, value)
    return delivery.folder


def made_anew(study, root, *cell):
    specs, folder = study
    before = in_parts(specs, folder)[1]
    return set(in_parts(specs, changed(study, root, *cell), [kept(before)])[1].made_now)


def test_whatever_cell_changes_the_parts_that_stand_find_what_a_fresh_gate_finds(study, tmp_path):
    specs, _ = study
    folder, rng, earlier, seen = extract(tmp_path, DAY, files(VITALS, LABS, PEOPLE)).folder, random.Random(5), [], set()
    for _ in range(CHANGES):
        found, parts = in_parts(specs, folder, earlier)
        fresh = open_findings(specs, open_delivery(folder), DAY)

        assert found.to_csv() == fresh.to_csv()
        seen |= set(fresh["check"])
        earlier = [kept(parts), *earlier][:3]
        form = rng.choice(("DM", "VS", "LAB"))
        header, *rows = (folder / f"{form}.csv").read_text(encoding="utf-8").splitlines()
        names = [name for name in header.split(",") if name != "STUDY"]
        put(folder, form, rng.randint(1, len(rows)), rng.choice(names), rng.choice(VALUES))
    assert {"HOT", "SHARED", "RAW-RANGE"} <= seen


def in_groups_of_two(records):
    """The content of a file of these records whose row groups have two."""
    content = io.BytesIO()
    pq.write_table(pq.read_table(io.BytesIO(parquet_bytes(records))), content, row_group_size=2)
    return content.getvalue()


def test_a_large_form_whose_fields_are_looked_at_some_records_at_a_time_has_the_findings_of_all_at_once(
    study, monkeypatch
):  # fmt: skip
    specs, folder = study
    whole, _ = in_parts(specs, folder)
    looked = []
    monkeypatch.setattr(handed, "PIECE", 2)
    monkeypatch.setattr(OfFields, "found_in", lambda own, form, pieces, found=OfFields.found_in: looked.append(
        (form, [len(piece) for piece in pieces()])) or found(own, form, pieces))  # fmt: skip
    delivery = open_delivery(folder)
    found, parts = open_in_parts(specs, delivery, DAY, read(specs, delivery, written=in_groups_of_two))

    assert ("VS", [2, 2]) in looked and whole["check"].eq("RAW-RANGE").any()
    assert found.to_csv() == whole.to_csv()
    assert "fields of VS" in set(parts.made_now)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_what_is_found_does_not_depend_on_the_parts_that_a_large_extract_is_in(study, monkeypatch, count):
    specs, folder = study
    whole, _ = in_parts(specs, folder)
    delivery = open_delivery(folder)
    made = read(specs, delivery)
    monkeypatch.setattr(of_build, "LARGE", 0)
    monkeypatch.setattr(of_build, "FEW", 0)
    monkeypatch.setattr(handed, "PIECE", 2)
    monkeypatch.setattr(ColumnsOnce, "let_go", lambda own, most=0, let_go=ColumnsOnce.let_go: let_go(own, 0))
    parts = {str(number): of_part(made.columns, number, count) for number in range(1, count + 1)}
    found, now = open_in_parts(specs, delivery, DAY, replace(made, parts=parts))
    again, standing = open_in_parts(specs, delivery, DAY, replace(made, parts=parts, earlier=[kept(now)]))

    assert whole["check"].isin(["HOT", "SHARED"]).sum() > 2
    assert found.to_csv() == whole.to_csv()
    assert now.made_now.count("HOT VS") == count and now.made_now.count("SHARED LAB") == 1
    assert (standing.made_now, again.to_csv()) == ([], found.to_csv())


def of_part(columns, number, count):
    """The columns of the records of a part of the subjects."""
    frames = {form: columns.read(form, columns.names(form)) for form in columns.forms}
    own = {form: parquet_bytes(rows[partition_of("S-" + rows["_SUBJECT"], count).eq(number)].reset_index(drop=True))
           for form, rows in frames.items()}  # fmt: skip
    return ParquetColumns([*own], own.__getitem__)


def test_records_beside_those_looked_at_are_not_taken_for_none(study, monkeypatch):
    stored = parquet_bytes(FRAME)
    monkeypatch.setattr(handed, "PIECE", 1)
    shelf = ColumnsOnce(ParquetColumns(["VS"], lambda _: stored), study[0].contracts, codelists(study[0]))
    beside, looked_at = View(shelf, [("DM", "AGE")]).parsed("VS"), View(shelf, [("VS", "")]).parsed("VS")

    assert [*beside.columns] == ["_SUBJECT", "_FORM"] and "FOLDERSEQ" in looked_at.columns
    assert not beside.empty and len(beside) == len(FRAME)


def test_of_many_columns_those_asked_for_last_are_kept_and_days(study):
    stored = parquet_bytes(FRAME)
    shelf = ColumnsOnce(ParquetColumns(["VS"], lambda _: stored), study[0].contracts, codelists(study[0]))
    texts = [shelf.parsed("VS", name) for name in ("VSDAT", "VSDAT:day", "NOTE", "TEMP")]
    gone = shelf.let_go(2 * len(FRAME))

    assert gone == 4 * len(FRAME)  # VSDAT in words, and what was collected of three
    assert shelf.parsed("VS", "TEMP") is texts[3] and shelf.parsed("VS", "NOTE") is texts[2]
    assert shelf.parsed("VS", "VSDAT:day") is texts[1]
    assert shelf.parsed("VS", "VSDAT").tolist() == texts[0].tolist()


def test_what_is_as_it_was_is_not_made_again(study):
    specs, folder = study
    found, parts = in_parts(specs, folder)
    again, standing = in_parts(specs, folder, [kept(parts)])

    assert (standing.made_now, again.to_csv()) == ([], found.to_csv())


def test_a_column_that_several_are_made_of_is_read_once_also_of_many_records(study):
    content = parquet_bytes(pd.concat([FRAME] * MANY, ignore_index=True))
    shelf = ColumnsOnce(ParquetColumns(["VS"], lambda _: content), study[0].contracts, codelists(study[0]))
    shelf.read("VS", ["TEMP", "NOTE", "TEMP"])

    assert shelf.raw("VS", "TEMP").tolist()[:2] == FRAME["TEMP"].tolist()


def test_a_remark_makes_anew_its_forms_fields_and_the_checks_that_read_remarks(study, tmp_path):
    anew = made_anew(study, tmp_path, "VS", 1, "NOTE", "?")

    assert anew >= {"fields of VS", "NOTED VS", "every VS"}  # FUTURE, TWICE, LONG and ENTRY on VS, in one part
    assert {name.rpartition(" ")[2] for name in anew} == {"VS"}
    assert not anew & {"HOT VS", "ANOTHER VS", "SITE VS", "SHARED VS"}


def test_a_site_makes_anew_what_reads_the_sites_of_all_forms(study, tmp_path):
    anew = made_anew(study, tmp_path, "DM", 1, "SITE", "102")

    assert {"SITE DM", "SITE VS"} <= anew
    assert not anew & {"fields of VS", "TWICE VS", "LONG VS", "fields of LAB", "HOT VS"}


FRAME = pd.DataFrame({"_SUBJECT": ["1", "1"], "_RECORD": ["1", "2"], "_FORM": "VS", "_LINE": [2, 3],
                      "TEMP": ["37", "41"], "VSDAT": ["08 JAN 2026", "09 JAN 2026"], "NOTE": ["a", "b"]})  # fmt: skip


@pytest.fixture
def run(study):
    """Runs one part over the records of VS, with what earlier runs kept; the parts tell whether it was made."""
    specs, folder = study
    none = forms_of({"VS": FRAME}, specs, open_delivery(folder), specs.contracts, {}, DAY)

    def once(make, earlier=(), frame=FRAME, **decisions):
        stored = parquet_bytes(frame)
        shelf = ColumnsOnce(ParquetColumns(["VS"], lambda _: stored), specs.contracts, codelists(specs))
        parts = Parts(shelf, "code", decisions, {}, earlier)
        return parts.of_forms(none, "part", "", make), parts, none

    return once


def told(value):
    return pd.DataFrame({"told": [str(value)]}, dtype="str")


def reads_only(run, make, frame):
    """True where a part stands though the records are others."""
    return not run(make, [kept(run(make)[1])], frame)[1].made_now


@pytest.mark.parametrize(
    ("make", "notes", "temp"),
    [
        (lambda forms: told(forms.parsed["VS"]["TEMP"].sum()), True, False),
        (lambda forms: told(len(forms.raw["VS"][["NOTE"]])), False, True),
        (lambda forms: told(forms.parsed["VS"][forms.parsed["VS"]["_RECORD"].eq("1")]["TEMP"].sum()), True, False),
        (lambda forms: told("TEMP" in forms.parsed["VS"].dropna(subset="_RECORD")), True, False),
        (lambda forms: told(forms.parsed["VS"].groupby("_SUBJECT")["NOTE"].first().iloc[0]), False, True),
        (lambda forms: told(forms.select("VS", 'NOTE == "a"')["_RECORD"].sum()), False, True),
        (lambda forms: told(anchor(forms, "VS.VSDAT").iloc[0]), True, True),
    ],
    ids=["column", "raw", "of some records", "asked for", "grouped", "clause", "looked up"],
)
def test_a_part_rests_on_the_columns_that_it_was_handed_and_on_no_other(run, make, notes, temp):
    assert reads_only(run, make, FRAME.assign(NOTE=["c", "d"])) is notes
    assert reads_only(run, make, FRAME.assign(TEMP=["38", "41"])) is temp


def test_what_is_looked_up_once_is_noted_by_each_part_that_asks(run):
    def make(forms):
        return told(anchor(forms, "VS.VSDAT").iloc[0])

    def both(earlier, frame):
        parts, forms = run(make, earlier, frame)[1:]
        parts.of_forms(forms, "another", "", make)
        return parts

    other = FRAME.assign(VSDAT=["01 JAN 2026", "02 JAN 2026"])
    assert both([kept(both([], FRAME))], other).made_now == ["part", "another"]


def test_a_decision_makes_anew_the_parts_that_read_it(run):
    reading, other = (lambda forms: told(forms.flag("ASKED", "N"))), (lambda forms: told(forms.decisions.get("OTHER")))

    for make, expected in ((reading, ["part"]), (other, [])):
        earlier = [kept(run(make, ASKED="Y", OTHER=1)[1])]
        assert run(make, earlier, ASKED="N", OTHER=1)[1].made_now == expected


def test_a_fault_of_a_rule_is_told_as_it_is_over_whole_records(study):
    specs, folder = study
    forms = forms_of({"VS": FRAME}, specs, open_delivery(folder), specs.contracts, {}, DAY)
    check = Check("X", "major", "site", "m", "w", specs.folder, ("VS",), "TEMP", rule="off_plan",
                  arguments={"value": "TEMP", "plan": "NOTE", "percent": "many"})  # fmt: skip
    stored = parquet_bytes(FRAME)
    shelf = ColumnsOnce(ParquetColumns(["VS"], lambda _: stored), specs.contracts, codelists(specs))
    only = {"VS": specs.contracts["VS"]}

    reasons = [run_over(replace(forms, contracts=only, places={}), [check], None, *keep)[1]["reason"].item()
               for keep in ((), (Parts(shelf, "code", {}, {}).of_forms,))]  # fmt: skip

    assert reasons[0] == reasons[1]
    assert reasons[0].startswith("its rule failed on these records (ValueError")


def test_a_check_whose_rule_breaks_is_a_finding_of_the_build_in_both_gates(study, monkeypatch):
    def broken(records, forms):
        raise KeyError("VSDAT")

    monkeypatch.setattr(running, "rules", lambda: {**rules(), "too_long": broken})
    specs, folder = study
    told = [found[found["check"] == "GATE-RULE"].iloc[0]
            for found in (in_parts(specs, folder)[0], open_findings(specs, open_delivery(folder), DAY))]  # fmt: skip

    assert told[0].equals(told[1])
    assert told[0]["severity"] == "major"
    assert told[0]["message"].startswith("The check LONG did not run: its rule failed on these records (KeyError")


def test_a_check_that_fails_among_those_of_each_form_takes_no_other_with_it(study):
    specs, folder = study
    records = FRAME.assign(VSDAT=["08 FEB 2026", "09 JAN 2026"], _SITE="101",
                           CREATED="2026-01-10", UPDATED="2026-01-10")
    forms = forms_of({"VS": records}, specs, open_delivery(folder), {"VS": specs.contracts["VS"]}, {}, DAY)
    late, entry = (Check(name, "minor", "site", "m", "w", specs.folder, ("every",), rule=rule, arguments=said)
                   for name, rule, said in (("LATE", "after_extraction", {}), ("ENTRY", "after_entry", {"days": "x"})))
    told = [run_over(replace(forms, places={}), checks, None) for checks in ([late], [late, entry])]

    assert len(told[0][0]) > 0
    assert told[0][0].to_csv() == told[1][0].to_csv()
    assert told[1][1]["ran"].tolist() == ["Y", "N"]


def test_a_column_is_known_by_its_hash_and_the_others_keep_theirs():
    one, two = (ParquetColumns(["VS"], lambda _, frame=frame: parquet_bytes(frame))
                for frame in (FRAME, FRAME.assign(TEMP=["37", None])))  # fmt: skip

    assert [name for name in one.names("VS") if one.digest("VS", name) != two.digest("VS", name)] == ["TEMP"]
