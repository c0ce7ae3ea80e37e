"""Which item groups of an ODM form are one record, and what its columns are called; nothing is overwritten."""

import pytest
from odm_text import ITEM, LISTED, clinical, code_list, group, metadata, odm, page, rows, sheet, told


def test_repeating_groups_with_items_of_one_name_stay_records_of_their_own(tmp_path):
    text = page(
        group({"IT.BP.VSORRES": "120"}, "IG.BP", "1")
        + group({"IT.BP.VSORRES": "125"}, "IG.BP", "2")
        + group({"IT.TMP.VSORRES": "38.4"}, "IG.TMP", "1")
    )
    read = sheet(tmp_path, odm(clinical(text)), "VS")

    assert rows(read, "ITEMGROUP", "RECORDPOS", "VSORRES") == [
        ("BP", "1", "120"),
        ("BP", "2", "125"),
        ("TMP", "1", "38.4"),
    ]
    assert len(set(rows(read, "RECORDID"))) == 3


def test_sections_of_one_form_with_one_key_are_one_record(tmp_path):
    sections = group({"age": "55"}, "dm.a", "1") + group({"sex": "F"}, "dm.b", "1") + group({"done": "2"}, "dm.c", "1")
    text = f'<FormData FormOID="Form.dm" FormRepeatKey="1">{sections}</FormData>'  # without an event, as REDCap has it
    read = sheet(tmp_path, odm(clinical(text, "7")), "dm")

    assert rows(read, "SUBJECT", "RECORDPOS", "RECORDID", "age", "sex", "done") == [
        ("7", "1", "7/dm/1/1", "55", "F", "2")
    ]


def test_the_head_of_a_form_is_brought_onto_each_of_its_lines(tmp_path):
    head, lines = group({"IT.VSDAT": "2026-01-05"}, "IG.HEAD"), [group({"IT.TEMP": t}, key=k) for k, t in ("1a", "2b")]
    read = sheet(tmp_path, odm(clinical(page(head + "".join(lines)))), "VS")

    assert rows(read, "RECORDPOS", "VSDAT", "TEMP") == [("1", "2026-01-05", "a"), ("2", "2026-01-05", "b")]


def test_a_head_outlives_its_removed_lines(tmp_path):
    lines = "".join(group({"IT.TEMP": "36"}, key=key, more='TransactionType="Remove"') for key in "12")
    read = sheet(tmp_path, odm(clinical(page(group({"IT.VSDAT": "2026-01-05"}, "IG.HEAD") + lines))), "VS")

    assert rows(read, "ACTIVE", "RECORDPOS", "VSDAT", "TEMP") == [
        ("1", "0", "2026-01-05", ""), ("0", "1", "2026-01-05", "36"), ("0", "2", "2026-01-05", "36"),
    ]  # fmt: skip


def test_a_removed_section_takes_none_of_the_others_with_it(tmp_path):
    gone = group({"IT.MRD": "neg"}, "IG.MRD", more='TransactionType="Remove"')
    read = sheet(tmp_path, odm(clinical(page(group({"IT.RESP": "CR"}, "IG.RS") + gone, "F.RS"))), "RS")

    assert rows(read, "ACTIVE", "RESP", "MRD") == [("1", "CR", ""), ("0", "", "neg")]


def test_items_whose_last_parts_are_alike_go_by_the_shortest_names_that_tell_them_apart(tmp_path):
    items = {"IT.VS.SYSBP.ORRES": "120", "IT.VS.DIABP.ORRES": "80", "IT.VS.POS": "SIT", "IT.VS.SITE": "arm"}
    read = sheet(tmp_path, odm(clinical(page(group(items)))), "VS")

    assert rows(read, "SYSBP_ORRES", "DIABP_ORRES", "POS", "SITE", "VS_SITE") == [("120", "80", "SIT", "101", "arm")]


def test_an_item_chosen_several_times_keeps_all_its_values(tmp_path):
    race = '<ItemData ItemOID="IT.RACE" Value="WHITE"/><ItemData ItemOID="IT.RACE" Value="ASIAN"/>'
    one = f'<ItemGroupData ItemGroupOID="IG.DM">{race}</ItemGroupData>'
    read = sheet(tmp_path, odm(clinical(page(one, "F.DM"))), "DM")

    assert rows(read, "RACE") == [("WHITE; ASIAN",)]
    assert told(read, "check", "column", "value") == [("RAW-ODM", "RACE", "WHITE; ASIAN")]


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ({"IT.A": "1", "IT.B": "2"}, [("1", "2")]),  # says more, contradicts nothing
        ({"IT.A": "3"}, [("1", ""), ("3", "")]),  # two records of one id: the gate finds them
    ],
)
def test_a_key_that_stands_twice_overwrites_nothing(tmp_path, again, expected):
    text = clinical(page(group({"IT.A": "1"}, key="1"))) + clinical(page(group(again, key="1")))

    assert rows(sheet(tmp_path, odm(text), "VS"), "A", "B") == expected


def test_repeats_without_keys_are_numbered_and_said(tmp_path):
    read = sheet(tmp_path, odm(clinical(page(group({"IT.A": "x"}) + group({"IT.A": "y"})))), "VS")

    assert rows(read, "RECORDPOS", "A") == [("1", "x"), ("2", "y")]
    assert len(set(rows(read, "RECORDID"))) == 2
    assert told(read, "check", "severity", "value") == [("RAW-ODM", "minor", "1")]


def test_groups_planned_to_repeat_are_not_joined_while_each_stands_once(tmp_path):
    planned = metadata(
        '<FormDef OID="F.VS" Name="VS"><ItemGroupRef ItemGroupOID="A"/><ItemGroupRef ItemGroupOID="B"/></FormDef>'
        '<ItemGroupDef OID="A" Name="A" Repeating="Yes"/><ItemGroupDef OID="B" Name="B" Repeating="Yes"/>'
    )
    text = planned + clinical(page(group({"IT.X": "1"}, "A", "1") + group({"IT.Y": "2"}, "B", "1")))

    assert rows(sheet(tmp_path, odm(text), "VS"), "ITEMGROUP", "X", "Y") == [("A", "1", ""), ("B", "", "2")]


def test_sections_of_different_keys_are_different_records_and_share_what_has_no_key(tmp_path):
    sections = group({"IT.D": "d"}, "H") + group({"IT.X": "1"}, "A", "1") + group({"IT.Y": "2"}, "B", "2")

    assert rows(sheet(tmp_path, odm(clinical(page(sections))), "VS"), "RECORDPOS", "D", "X", "Y") == [
        ("1", "d", "1", ""), ("2", "d", "", "2"),
    ]  # fmt: skip


def test_sections_of_different_keys_are_brought_onto_no_line(tmp_path):
    sections = group({"IT.D": "d"}, "H") + group({"IT.X": "1"}, "A", "1") + group({"IT.Y": "2"}, "B", "2")
    lines = "".join(group({"IT.L": key}, "L", key) for key in "12")
    read = sheet(tmp_path, odm(clinical(page(sections + lines))), "VS")

    assert sorted(rows(read, "D", "X", "Y", "L")) == sorted(
        [("", "1", "", ""), ("", "", "2", ""), ("d", "", "", "1"), ("d", "", "", "2")]
    )


def test_the_code_beside_an_item_does_not_hide_an_item_of_that_name(tmp_path):
    items = "".join(
        ITEM.format(oid=f"IT.VS.{n}", name=n, inside=LISTED if n == "POS" else "") for n in ("POS", "POS_STD")
    )
    text = metadata(items + code_list("1: Sitting")) + clinical(page(group({"IT.VS.POS": "1", "IT.VS.POS_STD": "x"})))

    assert rows(sheet(tmp_path, odm(text), "VS"), "POS", "POS_STD", "VS_POS_STD") == [("Sitting", "1", "x")]
