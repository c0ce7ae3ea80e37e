"""Where every raw field went: values that are carried, left out, excused, or nowhere."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_study import raw_form

from pipeline.engine import audit
from pipeline.engine.coverage import FormColumns, as_lines, coverage, in_short, of_file, told_of
from pipeline.engine.store import Entry, parquet_bytes, read_parquet
from pipeline.ground.line_numbers import packed
from pipeline.study.contracts import contract_of

FORM = raw_form("V", """
    SUBJECT | NAME  | SITE_ | SITE__STD | NOTE  | EXTRA | ROW
    0101    | Fever | Neck  | 1         | first | x     | 1
    0101    | Rash  | Neck  | 1         | .     | .     | 2
    0102    | .     | .     | 2         | later | .     | 3
    0103    | Pain  | Groin | .         | .     | .     | 4
""")  # fmt: skip
FIELDS = {"SUBJECT": {"label": "Subject"}, "NAME": {"label": "Name of it"}, "SITE_": {"type": "coded"}, "NOTE": {}}
CONTRACT = contract_of({"form": "V", "system": "", "fields": FIELDS})


def columns(form: pd.DataFrame) -> FormColumns:
    return FormColumns([*form], form.__getitem__)


def ways(*rows: tuple[str, str, str, list[int]]) -> pd.DataFrame:
    told = [("V", *row, packed(np.array(lines, dtype="int64"))) for *row, lines in rows]
    return pd.DataFrame(told, columns=["FORM", "FIELD", "TARGET", "RULE", "LINES"])


def table(*excuses: tuple[str, str, str], carried: pd.DataFrame | None = None, left: tuple[str, ...] = ()):
    places = [(*place.split("."), "*")[:2] for place in left]
    records = pd.DataFrame({"form": "V", "record": [record for record, _ in places],
                            "field": [field for _, field in places]}, dtype="str")  # fmt: skip
    told = told_of(ways() if carried is None else carried, records,
                 pd.DataFrame(excuses, columns=["FORM", "FIELD", "REASON"], dtype="str"))  # fmt: skip
    return coverage([("V", columns(FORM))], {"V": CONTRACT}, told).set_index("FIELD")


@pytest.mark.parametrize("few", [0, len(FORM)])
def test_a_form_of_many_records_read_by_columns_tells_what_it_tells_as_a_whole(monkeypatch, few):
    content = parquet_bytes(FORM)
    build = SimpleNamespace(entries={"raw:V": Entry("", {}, len(FORM))}, read=lambda _: read_parquet(content),
                            cache=SimpleNamespace(read=lambda *_: content))  # fmt: skip
    monkeypatch.setattr(audit, "FEW", few)
    told = told_of(ways(("SITE_", "XX.XXLOC", "assign", [2])), *no_records())
    found = coverage([("V", audit._columns(build, "raw:V"))], {"V": CONTRACT}, told)

    assert found.to_csv() == coverage([("V", columns(FORM))], {"V": CONTRACT}, told).to_csv()
    assert found["VALUES"].tolist() == [4, 3, 4, 2, 1, 4]


def no_records() -> tuple[pd.DataFrame, pd.DataFrame]:
    return tuple(pd.DataFrame(columns=names, dtype="str") for names in (["form", "record", "field"],
                                                                       ["FORM", "FIELD", "REASON"]))  # fmt: skip


def counts(found: pd.DataFrame, field: str) -> tuple[int, ...]:
    return tuple(int(found.at[field, name]) for name in ("VALUES", "SUBMITTED", "LEFT_OUT", "NOWHERE"))


@pytest.mark.parametrize(("carried", "left", "field", "expected"), [
    # lines 2 to 5 of the form; NAME stands on 2, 3 and 5
    ([], (), "NAME", (3, 0, 0, 3)),
    ([("NAME", "XX.XXTERM", "assign", [2, 3])], (), "NAME", (3, 2, 0, 1)),
    ([("NAME", "XX.XXTERM", "assign", [2]), ("NAME", "XX.XXDECOD", "assign", [5])], (), "NAME", (3, 2, 0, 1)),
    # a code and its text are one answer, whichever of them a row names
    ([("SITE__STD", "XX.XXLOC", "assign", [4])], (), "SITE_", (4, 1, 0, 3)),
    # the same answer of the same subject is there where one of its records brought it
    ([("SITE_", "XX.XXLOC", "assign", [2])], (), "SITE_", (4, 2, 0, 2)),
    # but not where its own record is in that domain and did not get the value
    ([("SITE_", "XX.XXLOC", "assign", [2]), ("NAME", "XX.XXTERM", "assign", [3])], (), "SITE_", (4, 1, 0, 3)),
    ([("SITE_", "XX.XXLOC", "assign", [2]), ("NAME", "YY.YYTERM", "assign", [3])], (), "SITE_", (4, 2, 0, 2)),
    # a record that a finding, or the data cut, left out is told apart from what is lost
    ([], ("R2",), "NAME", (3, 0, 1, 2)), ([], ("R2.NAME",), "NAME", (3, 0, 1, 2)),
    ([], ("R2.NOTE",), "NAME", (3, 0, 0, 3)),
    ([("*", "XX", "left out", [3, 5])], (), "NAME", (3, 0, 2, 1)),
    ([("NAME", "XX.XXTERM", "assign", [3]), ("*", "XX", "left out", [3, 5])], (), "NAME", (3, 1, 1, 1)),
    # a column that no contract names is delivered all the same
    ([], (), "EXTRA", (1, 0, 0, 1)),
    ([], (), "SUBJECT", (4, 4, 0, 0)),
])  # fmt: skip
def test_each_value_is_submitted_left_out_or_nowhere(carried, left, field, expected):
    assert counts(table(carried=ways(*carried), left=left), field) == expected


@pytest.mark.parametrize(("excuses", "reason"), [
    ([("V", "*", "the form")], "the form"), ([("V", "NAME", "the field"), ("V", "*", "the form")], "the field"),
    ([("W", "NAME", "another form")], ""), ([("V", "NAME", "the standard"), ("V", "NAME", "the study")], "the study"),
    ([("*", "NAME", "a column of the database")], ""),  # a field of the form's own is none, whatever it is called
])  # fmt: skip
def test_the_nearest_excuse_counts(excuses, reason):
    found = table(*excuses)
    assert found.at["NAME", "REASON"] == reason and found.at["NAME", "NOWHERE"] == (0 if reason else 3)


@pytest.mark.parametrize(("carried", "nowhere"), [
    ([("NAME", "IE.IETEST", "assign", [2])], 0),  # the others are criteria that were met
    ([("NAME", "IE.IETEST", "assign", [2]), ("NOTE", "IE.IEORRES", "assign", [3])], 2),  # a record that lost a value
    ([("NAME", "IE.IETEST", "assign", [2]), ("NAME", "XX.XXTERM", "assign", [])], 2), ([], 3),
    ([("NAME", "IE.IETEST", "assign", [2]), ("NAME", "XX.XXTERM", "assign", [2])], 0),  # chosen, of other lines
    ([("NAME", "IE.IETEST", "assign", [2]), ("NAME", "XX.XXTERM", "assign", [2]), ("NOTE", "XX.XXSEV", "assign", [3])],
     2),
])  # fmt: skip
def test_a_criterion_that_was_met_makes_no_record_and_is_told_so(carried, nowhere):
    found = table(carried=ways(*carried))

    assert found.at["NAME", "NOWHERE"] == nowhere
    assert found.at["NAME", "REASON"].startswith("a criterion that was met") == (nowhere == 0)


def of_a_form(text: str, fields: dict[str, dict[str, str]], carried: pd.DataFrame) -> pd.DataFrame:
    contract = contract_of({"form": "V", "system": "", "fields": {"SUBJECT": {}} | fields})
    told = told_of(carried, pd.DataFrame(columns=["form", "record", "field"]), excuses())
    return coverage([("V", columns(raw_form("V", text)))], {"V": contract}, told).set_index("FIELD")


@pytest.mark.parametrize(("scores", "lost"), [(("1", None), 0), (("1", "2"), 1)])
def test_a_date_is_not_lost_of_a_record_that_has_no_result_beside_it(scores, lost):
    text = "SUBJECT | SCORE | DAY\n" + "\n".join(f"0101 | {score or '.'} | 2025-01-01" for score in scores)
    found = of_a_form(text.replace("2025-01-01", "2025-01-02", 1), {"SCORE": {}, "DAY": {"type": "date"}},
                      ways(("DAY", "XX.XXDTC", "assign_datetime", [2])))
    reason = "" if lost else "its record has no result that could be submitted"
    assert (found.at["DAY", "NOWHERE"], found.at["DAY", "REASON"]) == (lost, reason)


@pytest.mark.parametrize(("why", "lost"), [([3], 0), ([], 1)])
def test_the_unit_of_a_result_that_was_not_done_is_not_lost(why, lost):
    text = "SUBJECT | VALUE | UNIT | FLAG\n0101 | 5 | mg | .\n0102 | NR | % | FEW"
    found = of_a_form(text, {"VALUE": {}, "UNIT": {}, "FLAG": {}}, ways(
        ("UNIT", "XX.XXORRESU", "assign_ct", [2]), ("FLAG", "XX.XXREASND", "assign", why)))
    assert found.at["UNIT", "NOWHERE"] == lost


def test_a_column_that_every_form_carries_is_excused_for_all():
    assert table(("*", "ROW", "kept by the database"), ("V", "*", "the form")).at["ROW", "REASON"] == "the form"
    assert table(("*", "ROW", "kept by the database")).at["ROW", "REASON"] == "kept by the database"


@pytest.mark.parametrize(("units", "lost"), [
    (("ug/L", "µg/L", None), 0), (("ug/L", "ng/L", None), 2), ((None,) * 3, 0),
])  # fmt: skip
def test_the_unit_of_an_item_is_the_one_its_contract_names_however_it_is_spelt_or_it_is_lost(units, lost):
    form = raw_form("V", "SUBJECT | FERR | FERR_UNIT\n" + "\n".join(f"0101 | 5 | {unit or '.'}" for unit in units))
    contract = contract_of({"form": "V", "system": "", "fields": {"SUBJECT": {}, "FERR": {"unit": "ug/L"}}})
    nobody = told_of(ways(), pd.DataFrame(columns=["form", "record", "field"]), excuses())
    unit = coverage([("V", columns(form))], {"V": contract}, nobody).set_index("FIELD").loc["FERR_UNIT"]
    named = "unit of FERR, which its contract names"
    assert (unit["NOWHERE"], unit["REASON"]) == (lost, named if any(units) and not lost else "")


def test_an_excuse_is_not_told_of_a_field_all_of_whose_values_are_there():
    all_there = ways(("NAME", "XX.XXTERM", "assign", [2, 3, 5]))
    assert table(("V", "NAME", "a remark"), carried=all_there).at["NAME", "REASON"] == ""


def test_a_field_that_a_linked_form_brings_over_is_there():
    brought = pd.DataFrame([("W", "V.NAME", "WW.WWTERM", "assign", [9])], columns=ways().columns)
    found = table(carried=brought)
    assert (found.at["NAME", "WENT_TO"], counts(found, "NAME")) == ("WW.WWTERM by assign", (3, 3, 0, 0))


def test_a_file_that_no_contract_knows_is_excused_by_its_name():
    cells, nobody = [["a", ""], ["b", "c"]], pd.DataFrame(columns=["form", "record", "field"])
    nothing = told_of(ways(), nobody, excuses())
    excused = nothing._replace(excused={("NOTES.csv", "*"): "a note"})
    assert of_file("NOTES.csv", cells, "", nothing)[["VALUES", "NOWHERE", "REASON"]].values.tolist() == [[3, 3, ""]]
    assert of_file("NOTES.csv", cells, "", excused)[["NOWHERE", "REASON"]].values.tolist() == [[0, "a note"]]


def excuses() -> pd.DataFrame:
    return pd.DataFrame(columns=["FORM", "FIELD", "REASON"])


def test_it_is_told_in_words_and_in_short():
    found = table(("V", "NOTE", "a remark"), carried=ways(("NAME", "XX.XXTERM", "assign", [2, 3])), left=("R4",))
    lines = list(as_lines(found.reset_index()))
    assert [line for line in lines if "NAME" in line or "NOTE" in line] == [
        "  NAME                3  XX.XXTERM by assign; 1 left out",
        "  NOTE                2  not submitted: a remark"]  # fmt: skip
    assert in_short(found) == ("18 collected values: 6 in SDTM, 2 not submitted with a reason, 3 left out; "
                               "7 values of 3 fields went nowhere")  # fmt: skip
    assert [line.split()[0] for line in as_lines(found.reset_index(), lost=True)][:2] == ["V", "SITE_"]
