"""A separated text file is read whole, or what is lost is named: quotes, separators, encodings, columns, damage."""

import csv
import io
import random
import re

import pytest
from mini_extract import CONTRACT, HEADER, ROW, deliver

from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.readers.csv_file import parse_csv
from pipeline.readers.written import Written
from pipeline.study.contracts import contract_of

NAMES = ["STUDY", "SUBJECT", "RECORDID", "DAT", "TEMP", "POS", "NOTE"]


def record(number, note="", temp="36.5"):
    return ["MINI", f"10100{number:02}", str(number), "12 MAR 2025", temp, "Sitting", note]


def text_of(rows, separator=",", end="\n", header=NAMES):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows([header, *rows])
    return out.getvalue()


def told(sheet):
    return [(note.check, note.severity, note.line) for note in sheet.notes]


TEN = [record(n) for n in range(1, 11)]


def with_note(line, raw, rows=TEN):
    """The ten records with the last cell of one line (of the file) written as it is given."""
    lines = text_of(rows).splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].rstrip("\n") + raw + "\n"
    return "".join(lines)


@pytest.mark.parametrize(
    ("damage", "note", "lines"),
    [
        ({5: '"never closed'}, '"never closed', [5]),
        ({5: '"never closed, with a comma'}, '"never closed, with a comma', [5]),
        ({5: '"one', 8: '"two'}, '"one', [5, 8]),
        ({5: '"one', 8: 'five "inches"'}, '"one', [5]),
        ({5: '"one', 8: '5"'}, '"one', [5]),
        ({11: '"never closed'}, '"never closed', [11]),
        ({5: '"he said ""no"""" there'}, '"he said ""no"""" there', [5]),
    ],
)
def test_a_quote_that_never_closes_swallows_no_record(damage, note, lines):
    text = text_of(TEN).splitlines(keepends=True)
    for line, raw in damage.items():
        text[line - 1] = text[line - 1].rstrip("\n") + raw + "\n"
    sheet = parse_csv("".join(text).encode(), "VS.csv")

    assert [row[2] for row in sheet.rows] == [row[2] for row in TEN]
    assert sheet.lines == list(range(2, 12))
    assert sheet.rows[min(damage) - 2][-1] == note
    assert [(n.line, n.severity) for n in sheet.notes] == [(line, "critical") for line in lines]
    assert sheet.lost == ()


@pytest.mark.parametrize(
    "raw",
    ['"first line\nsecond line"', '"a, b\nc, d\ne"', '"said ""warm""\n\nand left"', '"1, 2, 3, 4\n5, 6"', '"\n"'],
)
def test_a_comment_of_several_lines_is_read_without_a_word(raw):
    sheet = parse_csv(with_note(5, raw).encode(), "VS.csv")

    assert len(sheet.rows) == 10
    assert sheet.rows[3][-1] == raw[1:-1].replace('""', '"')
    assert (sheet.notes, sheet.lost) == ((), ())
    assert sheet.lines[4] == 6 + raw.count("\n")


def test_a_quote_that_never_closes_in_a_comment_of_several_lines_keeps_the_comment():
    sheet = parse_csv(with_note(5, '"first\nsecond').encode(), "VS.csv")

    assert [row[2] for row in sheet.rows] == [row[2] for row in TEN]
    assert sheet.rows[3][-1] == '"first\nsecond'
    assert told(sheet) == [("RAW-QUOTE", "critical", 5)]


def test_records_that_a_quote_swallowed_and_nobody_can_tell_apart_stop_what_rests_on_the_form(tmp_path):
    lines = text_of([[*row[:3], "12 MAR 2025", "36.5", "", ""] for row in TEN], header=NAMES).splitlines()
    lines[4] = 'MINI,1010004,4,12 MAR 2025,"36.5,,,and,more'
    contract = CONTRACT | {"need": "supportive", "inactive": {"column": "POS", "value": "0"}}
    folder = deliver(tmp_path / "x", {"VS.csv": "\n".join(lines).encode()})
    with pytest.raises(TrialError, match=r"Records of VS.csv are lost: .*line 5 .*lines 6 to 11") as error:
        read_form(open_delivery(folder), contract_of(contract), None)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text_of(TEN).encode() + b"\0" * 50, "zero bytes"),
        (text_of(TEN[:2]).encode() + b"\0" * 301, "zero bytes"),
        (text_of(TEN).replace("Sitting", "Sit\0ing", 1).encode(), "zero bytes .NUL. in line 2"),
        (text_of(TEN[:5]).encode() + b"\x1a" + text_of(TEN[5:]).encode(), "Ctrl-Z"),
    ],
)
def test_bytes_that_are_no_text_and_text_after_the_end_are_losses(content, said):
    lost = parse_csv(content, "VS.csv").lost
    assert any(re.search(said, text) for text in lost)


def test_an_old_mark_of_the_end_of_a_file_is_no_record():
    sheet = parse_csv(text_of(TEN).encode() + b"\x1a", "VS.csv")
    assert (len(sheet.rows), sheet.notes, sheet.lost) == (10, (), ())


def test_a_file_of_which_many_lines_do_not_fit_is_broken_not_its_lines(tmp_path):
    content = text_of([ROW[: 5 if n % 2 else 7] for n in range(10)], header=HEADER).encode()
    folder = deliver(tmp_path / "x", {"VS.csv": content})
    with pytest.raises(TrialError, match=r"5 of 10 lines of VS.csv do not fit its header"):
        read_form(open_delivery(folder), contract_of(CONTRACT), None)


SEMI = text_of(TEN, ";")
LETTERS = text_of([record(n, "sit à côté") for n in range(1, 4)])
MIXED = LETTERS.encode().replace("côté".encode(), "côté".encode("cp1252"), 1)


@pytest.mark.parametrize(
    ("content", "name", "note", "found"),
    [
        (SEMI.encode(), "VS.csv", "", [("RAW-LAYOUT", "info", 0)]),
        (text_of(TEN, "\t").encode(), "VS.csv", "", [("RAW-LAYOUT", "info", 0)]),
        (text_of(TEN, "\t").encode(), "VS.tsv", "", []),
        (text_of(TEN, "|").encode(), "VS.csv", "", [("RAW-LAYOUT", "info", 0)]),
        (b"sep=;\n" + SEMI.encode(), "VS.csv", "", [("RAW-LAYOUT", "info", 1), ("RAW-LAYOUT", "info", 0)]),
        (text_of([record(1, "a; b; c; d")] * 3).encode(), "VS.csv", "a; b; c; d", []),
        (LETTERS.encode("utf-8-sig"), "VS.csv", "sit à côté", []),
        (LETTERS.encode("utf-16"), "VS.csv", "sit à côté", []),
        (LETTERS.encode("utf-16-le"), "VS.csv", "sit à côté", []),
        (LETTERS.encode("utf-16-be"), "VS.csv", "sit à côté", []),
        (LETTERS.encode("cp1252"), "VS.csv", "sit à côté", []),
        (MIXED, "VS.csv", "sit à côté", [("RAW-ENCODING", "major", 2)]),
        (LETTERS.replace("\n", "\r").encode(), "VS.csv", "sit à côté", []),
        (LETTERS.replace("\n", "\r\n").encode(), "VS.csv", "sit à côté", []),
        (LETTERS.replace("\n", "\n\n").encode(), "VS.csv", "sit à côté", []),
        (LETTERS.encode() + b",,,,,,\n,,,,,,\n", "VS.csv", "sit à côté", [("RAW-LAYOUT", "info", 0)]),
        (LETTERS.replace("\n", ",\n").encode(), "VS.csv", "sit à côté", [("RAW-LAYOUT", "info", 0)]),
        (LETTERS.replace("\n", ",,,\n").encode(), "VS.csv", "sit à côté", [("RAW-LAYOUT", "info", 0)]),
        (LETTERS.replace("é\n", "é,,\n").encode(), "VS.csv", "sit à côté", [("RAW-LAYOUT", "info", 0)]),
    ],
)
def test_a_file_written_in_another_way_is_read_where_it_can_be_known(content, name, note, found):
    sheet = parse_csv(content, name)

    assert sheet.header == NAMES
    assert {row[-1] for row in sheet.rows} == {note}
    assert [row[2] for row in sheet.rows[:3]] in (["1", "2", "3"], ["1", "1", "1"])
    assert told(sheet) == found
    assert sheet.lost == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("A^B^C\n1^2^3\n", r"separated by '\^'"),
        ("A;B|C;D|E\n1;2|3\n4\n", "semicolon .;. or a bar"),
        ("ПОЛЬЗОВАТЕЛЬ,ИМЯ\nскрининг,подписано\n".encode("cp1251"), "another alphabet"),
        ("A,B\nПолный ответ,Нет\n".encode("cp1251"), "another alphabet"),
        ("受试者编号,不良事件名称\n一二三四五六,发热\n".encode("gb18030"), "another alphabet"),
        ("SUBJECT,AETERM\n1010001,发热\n1010002,Fever in a long Western text\n".encode("gb18030"), "another alphabet"),
        (b"\xff\xfeA\0,\0B\0\n\0\x31", "not in utf-16"),
        ('A,B,"C\n1,2,3\n', "header has a quote"),
        (b"PK\x03\x04\x14\x00", "is a workbook"),
        ("\n<!DOCTYPE html><html>please log in</html>", "is a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old kind"),
    ],
)
def test_what_nobody_can_know_is_refused_in_words_that_name_it(content, said):
    with pytest.raises(TrialError, match=said):
        parse_csv(content if isinstance(content, bytes) else content.encode(), "VS.csv")


@pytest.mark.parametrize(
    ("header", "row", "expected", "severity"),
    [
        (["A", "", "B"], ["1", "", "2"], (["A", "B"], ["1", "2"]), "info"),
        (["A", "", "B"], ["1", "x", "2"], (["A", "COLUMN 2", "B"], ["1", "x", "2"]), "major"),
        (["A", "B", "A"], ["1", "2", "1"], (["A", "B"], ["1", "2"]), "minor"),
        (["A", "B", "A"], ["", "2", "1"], (["B", "A"], ["2", "1"]), "minor"),
    ],
)
def test_nameless_and_doubled_columns_are_told_apart_or_refused(header, row, expected, severity):
    sheet = parse_csv(text_of([row], header=header).encode(), "VS.csv")
    assert (sheet.header, sheet.rows[0]) == expected
    assert [note.severity for note in sheet.notes] == [severity]


def test_a_separator_in_the_middle_of_one_line_is_not_taken_for_one_at_its_end():
    lines = text_of(TEN).splitlines(keepends=True)
    lines[4] = lines[4].replace("Sitting", "Sit,ting")
    assert [len(row) for row in parse_csv("".join(lines).encode(), "VS.csv").rows] == [7, 7, 7, 8, 7, 7, 7, 7, 7, 7]


@pytest.mark.parametrize(
    ("cut", "cells", "severity"),
    [
        ("Sit\nting", ["Sit\nting"], ["major"]),
        ("Sit\nt\ning", ["Sit\nt\ning"], ["major"]),
        ("Sitting\nMINI", None, []),  # what begins as a record is none's end
        ("Sit\n\nting", None, []),
    ],
)
def test_a_record_cut_by_a_line_end_is_put_together_where_its_cells_count_up(cut, cells, severity):
    lines = text_of(TEN).splitlines(keepends=True)
    lines[4] = lines[4].replace("Sitting", cut)
    sheet = parse_csv("".join(lines).encode(), "VS.csv")
    whole = [row for row in sheet.rows if len(row) == len(NAMES)]
    assert [note.severity for note in sheet.notes] == severity
    assert len(whole) == (10 if cells else 9)
    assert not cells or sheet.rows[3][5] == cells[0]


def test_a_doubled_column_that_says_two_things_is_refused():
    with pytest.raises(TrialError, match="The column A stands twice"):
        parse_csv(b"A,B,A\n1,2,3\n", "VS.csv")


@pytest.mark.parametrize(("text", "severity"), [
    ('ID,V,NOTE\n6,x,"a b\n7,y,fine\n8,z,good"\n9,x,b\n', "critical"),
    ('ID,NOTE\n6,"a b\n7,fine\n8,good"\n9,b\n', "critical"),
    ('ID,NOTE\n6,"came back\n7, fine"\n9,b\n', "minor"),
    ('ID,V,NOTE\n6,x,"came back\nseen again"\n9,x,b\n', None),
])  # fmt: skip
def test_a_field_of_a_narrow_file_that_may_have_swallowed_records_is_told(text, severity):
    sheet = parse_csv(text.encode(), "QPCR.csv")
    assert [note.severity for note in sheet.notes] == ([severity] if severity else [])
    assert [row[0] for row in sheet.rows] == ["6", "9"]


def test_a_last_line_that_alone_has_no_line_end_may_be_cut_off_and_is_told():
    whole = text_of(TEN)
    assert told(parse_csv(whole.encode(), "VS.csv")) == []
    assert told(parse_csv(whole[:-1].encode(), "VS.csv")) == [("RAW-LAYOUT", "info", 11)]
    assert told(parse_csv(whole[:-3].encode(), "VS.csv"))[0][0] == "RAW-LAYOUT"


def test_a_declared_way_of_writing_is_believed_and_checked():
    text = text_of([record(n, "подписано", "36,5") for n in range(1, 4)], ";")
    written = Written("windows-1251", ";", ",", "DMY")
    sheet = parse_csv(text.encode("cp1251"), "VS.csv", written)
    assert (sheet.rows[0][4], sheet.rows[0][-1], sheet.notes) == ("36,5", "подписано", ())
    assert sheet.encoding == sheet.agreed_encoding

    assert told(parse_csv(text.encode(), "VS.csv", written)) == [("RAW-ENCODING", "major", 0)]
    with pytest.raises(TrialError, match="declared as separated by tabs"):
        parse_csv(text.encode("cp1251"), "VS.csv", Written("windows-1251", "\t"))
    with pytest.raises(TrialError, match="not in ascii"):
        parse_csv(text.encode("cp1251"), "VS.csv", Written("ascii", ";"))


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_loses_a_record_in_silence(seed):
    """Whatever is done to a file: each record is read as it was, or a finding, a loss or a refusal is told."""
    chance = random.Random(seed)
    rows = [record(n, chance.choice(["", "a, b", 'said "no"', "two\nlines", "é"])) for n in range(1, 13)]
    content = bytearray(text_of(rows).encode())
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(content))
        piece = chance.choice([b'"', b'"', b"\0", b"\xe9", b",", b"\n", b"\r", b'",', b'\n"'])
        if chance.random() < 0.3:
            del content[at : at + chance.randrange(1, 30)]
        else:
            content[at:at] = piece
    try:
        sheet = parse_csv(bytes(content), "VS.csv")
    except TrialError:
        return
    broken = [row for row in sheet.rows if len(row) != len(sheet.header)]
    whole = sheet.header == NAMES and len(sheet.rows) == len(rows) and not broken
    if whole or sheet.notes or sheet.lost or broken or sheet.encoding != "utf-8" or sheet.header != NAMES:
        return
    # Only the cut of whole lines may go unseen here: the manifest's number of records tells it.
    assert bytes(content).count(b"\n") < text_of(rows).encode().count(b"\n")


@pytest.mark.parametrize("seed", range(300))
def test_no_scrap_of_text_ends_in_a_traceback(seed):
    chance = random.Random(seed)
    pieces = [
        '"',
        '"',
        ",",
        ",",
        ";",
        "\n",
        "\n",
        "\r",
        " ",
        "A",
        "1",
        "\t",
        "|",
        "sep=;\n",
        "\0",
        "\x1a",
        "é",
        "\ufeff",
    ]
    scrap = "".join(chance.choice(pieces) for _ in range(chance.randrange(14)))
    encoding = chance.choice(["utf-8", "utf-8", "cp1252", "utf-16", "utf-16-le"])
    try:
        sheet = parse_csv(scrap.encode(encoding, "ignore"), "VS.csv")
    except TrialError as error:
        assert error.cure
    else:
        assert len(sheet.rows) == len(sheet.lines)
