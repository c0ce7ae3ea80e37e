"""SAS transport files: what is written is read back by programs that are not ours; nothing is cut in silence."""

import hashlib
import io
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from exported_frames import exported

from pipeline.ground.faults import TrialError
from pipeline.publish.export.dataset_json import Provenance
from pipeline.publish.export.files import LISTING, TO_TRANSLATE, Wanted, carried, transport_files
from pipeline.publish.export.ibm import carried as holds
from pipeline.publish.export.ibm import ibm_bytes
from pipeline.publish.export.letters import in_ascii, writable

ORACLE = pd.read_csv(Path(__file__).resolve().parents[1] / "oracles" / "xport.csv")
STAMP = datetime(2026, 6, 30, 9, 5)


def files(*datasets, names=(), encoding="ascii", most=5_000_000_000, english=None):
    """The files by path, their bytes whole."""
    known = {one.spec.name: one for one in datasets}
    model = exported("suppxx", "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL QNAM QLABEL QVAL QORIG QEVAL", "").spec
    wanted = Wanted(known, names or tuple(known), Provenance("S", "", "", "", STAMP), model, encoding, english or {})
    return {path: b"".join(pieces) for path, pieces in transport_files(wanted, carried(wanted), most)}


def read(content):
    """A file as pyreadstat reads it, and what it says of itself."""
    return pyreadstat.read_xport(io.BytesIO(content), disable_datetime_conversion=True)


def listing(found):
    return pd.read_csv(io.BytesIO(found[LISTING]), keep_default_na=False).to_dict("records")


@pytest.mark.parametrize(("value", "expected"), list(zip(ORACLE["value"], ORACLE["bytes"], strict=True)))
def test_a_number_has_the_bytes_that_haven_writes(value, expected):
    assert ibm_bytes(np.array([value])).tobytes().hex() == expected


def test_any_double_within_range_comes_back_exactly():
    rng = np.random.default_rng(14)
    values = rng.uniform(-1, 1, 5000) * 10.0 ** rng.integers(-70, 70, 5000)

    back, _ = read(files(exported("adxx", "STUDYID AVAL:number", [("S", v) for v in values]))["adam/adxx.xpt"])

    assert back["AVAL"].tolist() == values.tolist()


@pytest.mark.parametrize(("value", "held"), [
    (1e-300, False), (1e76, False), (float("inf"), False), (5e-78, True), (7e75, True), (0.0, True), (np.nan, True),
])  # fmt: skip
def test_a_number_beyond_the_range_is_told(value, held):
    assert holds(np.array([value])).tolist() == [held]


def test_a_file_says_names_labels_lengths_formats_dates_and_missing_values():
    one = exported("adxx", "STUDYID USUBJID AVAL:number ADT:date ADTM:datetime", [
        ("S-1", "S-1-01", 1.5, "1960-01-01", "1960-01-01T00:01:00"),
        ("S-1", "S-1-0002", None, "2026-06-30", None),
    ])  # fmt: skip

    back, told = read(files(one)["adam/adxx.xpt"])

    assert (told.table_name, told.file_label) == ("ADXX", "Label of ADXX")
    assert told.column_names_to_labels["ADT"] == "Label of ADT"
    assert told.variable_storage_width == {"STUDYID": 3, "USUBJID": 8, "AVAL": 8, "ADT": 8, "ADTM": 8}
    assert (told.original_variable_types["ADT"], told.original_variable_types["ADTM"]) == ("DATE9", "DATETIME20")
    assert back["ADT"].tolist() == [0, 24287]
    assert back["ADTM"].fillna(-1).tolist() == [60, -1] and back["AVAL"].isna().tolist() == [False, True]


def test_the_same_data_make_the_same_bytes_in_any_locale():
    one = exported("xx", "STUDYID USUBJID", [("S", "S-1")])
    content = files(one)["sdtm/xx.xpt"]

    assert content == files(one)["sdtm/xx.xpt"]
    assert content[144:160] == b"30JUN26:09:05:00" and len(content) % 80 == 0


def test_a_key_has_one_length_in_all_datasets_also_when_one_alone_is_written():
    short = exported("xx", "STUDYID USUBJID XXTERM", [("S", "S-1", "abc")])
    long = exported("yy", "STUDYID USUBJID XXTERM", [("S", "S-1000001", "abcdef")])

    _, told = read(files(short, long, names=("xx",))["sdtm/xx.xpt"])

    assert told.variable_storage_width == {"STUDYID": 1, "USUBJID": 9, "XXTERM": 3}


def test_a_file_above_the_limit_is_written_whole_and_in_parts_by_order_of_records():
    one = exported("lb", "STUDYID USUBJID", [("S", f"S-{n:03d}") for n in range(100)])

    found = files(one, most=1440)

    assert sorted(found) == ["sdtm/lb.xpt", "sdtm/split/lb1.xpt", "sdtm/split/lb2.xpt", LISTING]
    parts = [read(found[f"sdtm/split/lb{n}.xpt"]) for n in (1, 2)]
    assert all(len(found[f"sdtm/split/lb{n}.xpt"]) <= 1440 for n in (1, 2))
    assert pd.concat([part for part, _ in parts])["USUBJID"].tolist() == one.data["USUBJID"].tolist()
    assert [told.table_name for _, told in parts] == ["LB1", "LB2"]


@pytest.mark.parametrize(("text", "expected"), [
    ("CD19⁺ cells ≥ 10⁹/L – “high”", 'CD19^+ cells >= 10^9/L - "high"'), ("Müller naïve 5 µg", "Muller naive 5 ug"),
    ("ＣＲＳ（grade 1）", "CRS(grade 1)"), ("TNF-α", "TNF-alpha"), ("plain", "plain"), ("two\r\nlines\t", "two lines"),
    ("発熱", None), ("жар", None), ("   ", None),
])  # fmt: skip
def test_signs_are_spelt_in_ascii_where_it_has_them_and_refused_where_not(text, expected):
    assert writable(text, "ascii") == (expected if text.strip() else "")
    assert in_ascii("жар") == "жар"


def test_a_value_that_cannot_be_written_keeps_its_dataset_back_and_all_others_are_listed():
    ae = exported("ae", "STUDYID USUBJID AESEQ:integer AETERM", [("S", "S-1", 1, "жар"), ("S", "S-2", 1, "Fièvre")])
    vs = exported("vs", "STUDYID USUBJID VSSEQ:integer VSSTRESN:number", [("S", "S-1", 1, 1e-300)])
    dm = exported("dm", "STUDYID USUBJID", [("S", "S-1")])

    found = files(ae, vs, dm)

    assert sorted(found) == ["sdtm/dm.xpt", TO_TRANSLATE, LISTING]
    assert found[TO_TRANSLATE].decode() == "TEXT,ENGLISH\nжар,\n"
    assert [" ".join(list(row.values())[:-1]) for row in listing(found)] == [
        "AE AETERM S-2 AESEQ=1 Fièvre Fievre", "AE AETERM S-1 AESEQ=1 жар ", "VS VSSTRESN S-1 VSSEQ=1 1e-300 ",
    ]  # fmt: skip
    assert "sdtm/ae.xpt" in files(ae, encoding="utf-8")


def test_a_list_tells_only_values_that_are_there():
    """A dataset without any value of a kind (translated, refused) adds no line of that kind."""
    ae = exported("ae", "STUDYID USUBJID AETERM", [("S", "S-1", "Fièvre"), ("S", "S-2", "Rash"), ("S", "S-3", "Rash")])

    assert [(row["DATASET"], row["VALUE"]) for row in listing(files(ae))] == [("AE", "Fièvre")]


def test_a_translation_stands_in_an_ascii_file_only_and_is_listed():
    ae = exported("ae", "STUDYID USUBJID AETERM", [("S", "S-1", "жар")])

    found = files(ae, english={"жар": "Fever"})

    assert read(found["sdtm/ae.xpt"])[0]["AETERM"].tolist() == ["Fever"] and TO_TRANSLATE not in found
    assert [(row["VALUE"], row["WRITTEN"], row["HOW"]) for row in listing(found)] == [
        ("жар", "Fever", "translated (translations.csv)")]  # fmt: skip
    assert read(files(ae, encoding="utf-8", english={"жар": "Fever"})["sdtm/ae.xpt"])[0]["AETERM"].tolist() == ["жар"]


def test_an_agencys_own_signs_are_written_in_its_encoding():
    ae = exported("ae", "STUDYID USUBJID AETERM", [("S", "S-1", "发热")])

    back, _ = pyreadstat.read_xport(io.BytesIO(files(ae, encoding="gb18030")["sdtm/ae.xpt"]), encoding="GB18030")

    assert back["AETERM"].tolist() == ["发热"]


@pytest.mark.parametrize(("name", "variables", "label", "word"), [
    ("xx", "STUDYID LONGNAMES", "", "LONGNAMES"), ("xx", "STUDYID XXTERM", "x" * 41, "label"),
    ("xx", "STUDYID XXTERM", "Größe", "label"),
])  # fmt: skip
def test_a_name_or_label_that_no_file_can_hold_is_an_error(name, variables, label, word):
    one = exported(name, variables, [("S", "a")], label)

    with pytest.raises(TrialError, match=word):
        files(one)


def test_the_file_that_haven_read_is_the_file_we_write():
    """R 4.2.2, haven 2.5.1, read_xpt: USUBJID S-1, S-2; AVAL -0.1, NA; ADT 2026-06-30, NA; label of AVAL as here."""
    one = exported("adxx", "STUDYID USUBJID AVAL:number ADT:date", [
        ("S", "S-1", -0.1, "2026-06-30"), ("S", "S-2", None, None)])  # fmt: skip

    assert hashlib.sha256(files(one)["adam/adxx.xpt"]).hexdigest() == HAVEN_READ


HAVEN_READ = "17d2eecbc7e4e4baaf2b7cf3481bb27ebf5cb0758d5bb246f3d1e8ec4b67c43c"
