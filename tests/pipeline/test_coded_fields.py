"""Coded fields as databases deliver them: code and label, labels alone, codes alone; every later step sees both."""

import pandas as pd
import pytest

from pipeline.gate.field_checks import check_fields
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.lint import report
from pipeline.study.contracts import contract_of, system_of

LISTS = pd.DataFrame([["SEX", "1", "Мужской"], ["SEX", "2", "Женский"]], columns=["CODELIST", "CODED_VALUE", "DECODE"])


def read(tmp_path, lines, coded, **words):
    """Text and code of every record, and the checks of their fields."""
    (tmp_path / "DM.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    fields = {"SEX": {"type": "coded", "codelist": "SEX"} | words}
    content = {"form": "DM", "file": "DM.csv", "record": ["SUBJECT"], "fields": {"SUBJECT": {"type": "text"}} | fields}
    contract = contract_of(content, system_of({"coded": coded}))
    records, structure = read_form(open_delivery(tmp_path), contract, None, LISTS)
    asked = [*structure["check"], *check_fields(records, contract, LISTS)["check"]]
    return [tuple(row) for row in records[["SEX", "SEX_STD"]].fillna("").to_numpy()], sorted(asked)


BOTH = [("Мужской", "1"), ("Женский", "2")]


@pytest.mark.parametrize(
    ("lines", "coded"),
    [
        (["SUBJECT,SEX,SEX_STD", "1,Мужской,1", "2,Женский,2"], {}),
        (["SUBJECT,SEX,SEX_LBL", "1,1,Мужской", "2,2,Женский"], {"code": "{}", "text": "{}_LBL"}),
        (["SUBJECT,SEX", "1,мужской", "2, Женский "], {"text": "{}"}),
        (["SUBJECT,SEX", "1,1", "2,2"], {"code": "{}"}),
    ],
)
def test_text_and_code_of_a_coded_field_are_there_however_it_is_delivered(tmp_path, lines, coded):
    pairs, asked = read(tmp_path, lines, coded)
    assert [code for _, code in pairs] == ["1", "2"]
    assert [text.casefold() for text, _ in pairs] == [text.casefold() for text, _ in BOTH]
    assert asked == []


@pytest.mark.parametrize(
    ("lines", "coded", "expected"),
    [
        (["SUBJECT,SEX", "1,Mann", "2,Женский"], {"text": "{}"}, ["RAW-CODELIST"]),
        (["SUBJECT,SEX", "1,7", "2,2"], {"code": "{}"}, ["RAW-CODELIST"]),
        (["SUBJECT,SEX,SEX_LBL", "1,1,Женский", "2,2,Женский"], {"code": "{}", "text": "{}_LBL"}, ["RAW-DECODE"]),
        (["SUBJECT,SEX", "1,1", "2,2"], {"code": "{}", "text": "{}_LBL"}, ["RAW-COLUMN"]),
    ],
)
def test_a_value_of_no_list_and_a_label_beside_another_code_are_asked_about(tmp_path, lines, coded, expected):
    assert read(tmp_path, lines, coded)[1] == expected


def test_the_name_in_the_delivery_makes_the_name_of_both_columns(tmp_path):
    lines = ["SUBJECT,Geschlecht,Geschlecht_LBL", "1,1,Мужской", "2,2,Женский"]
    assert read(tmp_path, lines, {"code": "{}", "text": "{}_LBL"}, column="Geschlecht") == (BOTH, [])


def test_a_form_may_deliver_otherwise_than_the_rest():
    system = system_of({"coded": {"code": "{}", "text": "{}_LBL"}})
    own = contract_of({"form": "IE", "fields": {"IEYN": {"type": "coded"}}, "coded": {"text": "{}"}}, system)
    rest = contract_of({"form": "AE", "fields": {"AESER": {"type": "coded"}}}, system)
    assert own.columns_of("IEYN") == {"IEYN": "IEYN"}
    assert rest.columns_of("AESER") == {"AESER_STD": "AESER", "AESER": "AESER_LBL"}


def test_a_mapping_sheet_may_name_text_and_code_whatever_is_delivered():
    content = {"form": "CM", "fields": {"CMIND": {"type": "coded", "codelist": "IND"}}, "coded": {"text": "{}"}}
    assert {"CMIND", "CMIND_STD"} <= set(report._columns(contract_of(content)))


@pytest.mark.parametrize(
    ("kind", "expected"), [("result", ["0.75", "<0.1", "not done"]), ("text", ["0,75", "<0,1", "not done"])]
)
def test_a_result_has_a_decimal_point_like_a_number_and_may_be_words(tmp_path, kind, expected):
    (tmp_path / "LAB.csv").write_text("SUBJECT;LBRES\n1;0,75\n2;<0,1\n3;not done\n", encoding="utf-8")
    content = {"form": "LAB", "file": "LAB.csv", "record": ["SUBJECT"], "written": {"delimiter": ";", "decimal": ","},
               "fields": {"SUBJECT": {"type": "text"}, "LBRES": {"type": kind}}}  # fmt: skip
    records, _ = read_form(open_delivery(tmp_path), contract_of(content), None)
    assert records["LBRES"].tolist() == expected


@pytest.mark.parametrize(
    ("cells", "expected", "asked"),
    [
        (["0,75", "76,5"], ["0.75", "76.5"], []),
        (["0,75", "76.0"], ["0.75", "76.0"], ["RAW-LAYOUT"]),  # a point that can be no sign of thousands
        (["0,75", "1.234"], ["0,75", "1.234"], ["RAW-LAYOUT"]),  # 1234 or 1.234: nobody knows, nothing is changed
    ],
)
def test_one_number_with_a_point_takes_no_comma_away_from_the_others(tmp_path, cells, expected, asked):
    rows = [f"{number};{cell}" for number, cell in enumerate(cells, start=1)]
    (tmp_path / "LAB.csv").write_text("\n".join(["SUBJECT;LBRES", *rows, ""]), encoding="utf-8")
    content = {"form": "LAB", "file": "LAB.csv", "record": ["SUBJECT"], "written": {"delimiter": ";", "decimal": ","},
               "fields": {"SUBJECT": {"type": "text"}, "LBRES": {"type": "decimal"}}}  # fmt: skip
    records, found = read_form(open_delivery(tmp_path), contract_of(content), None)
    assert (records["LBRES"].tolist(), found["check"].tolist()) == (expected, asked)
