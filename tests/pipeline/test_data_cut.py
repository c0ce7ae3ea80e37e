"""data_cut.csv: what the cut left out and undid in each dataset, and that nothing later is left."""

import pandas as pd

from pipeline.engine.data_cut import data_cut, in_short
from pipeline.engine.days_told import days_told
from pipeline.engine.parquet_columns import ParquetColumns
from pipeline.engine.store import parquet_bytes
from pipeline.ground.metadata import DatasetSpec, Variable


def spec(name, **types):
    variables = tuple(Variable(name=one, label=one, type=kind) for one, kind in types.items())
    return DatasetSpec(dataset=name, label=name, structure="", keys=(), variables=variables)


AE = spec("AE", AESTDTC="text", AEENDTC="text", AETERM="text")
ADAE = spec("ADAE", ASTDT="date", AENDT="date", ADURN="number")
FOUND = pd.DataFrame({"check": ["SDTM-CUT", "SDTM-CUT", "SDTM-CUTVALUE", "SDTM-CUTVALUE", "SDTM-DATE"],
                      "value": ["19", "2", "AEENDTC AEOUT", "AEOUT", "2026-13"]})  # fmt: skip


def records(**columns):
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})


def told(starts, cutoff="2026-06-30"):
    events = records(AESTDTC=starts, AEENDTC=[None] * len(starts), AETERM=["x"] * len(starts))
    days = pd.to_datetime([start[:10] for start in starts], format="%Y-%m-%d", errors="coerce")
    analysed = pd.DataFrame({"ASTDT": days, "AENDT": pd.NaT, "ADURN": 1.0})
    found = data_cut([(AE, events), (ADAE, analysed)], {"ae": FOUND}, cutoff)
    return found, found.set_index("DATASET")


def test_lines_left_out_and_values_undone_are_counted_by_dataset():
    _, by = told(["2026-06-30"])
    assert by.loc["AE", ["RECORDS", "LEFT_OUT", "UNDONE", "VARIABLES"]].tolist() == [1, 21, 2, "AEENDTC AEOUT"]
    assert by.loc["ADAE", ["LEFT_OUT", "UNDONE", "VARIABLES"]].tolist() == [0, 0, ""]


def test_the_day_of_the_cut_is_within_it_and_a_partial_date_that_may_be():
    found, by = told(["2026-06-30T23:59", "2026-06", "2026-06-29"])
    assert by["LATER"].tolist() == [0, 0]
    assert by.loc["AE", ["LATEST", "OF"]].tolist() == ["2026-06-30", "AESTDTC"]
    assert in_short(found) == "21 lines left out, 2 records with a value undone; nothing later is left"


def test_what_lies_after_the_cut_all_the_same_is_told():
    found, by = told(["2026-07-01", "2026-07", "2026-06-30"])
    assert by["LATER"].tolist() == [2, 1]  # July 2026 begins after the cut; as an analysis date it is none
    assert in_short(found).endswith("later than the cut all the same: AE 2, ADAE 1")


def test_dates_of_qualifiers_are_dates_too():
    qualifiers = records(QNAM=["READDTC", "AEDNDTC", "LOT"], QVAL=["2026-07-01", "2026-06-30", "2026-07-02"])
    found = data_cut([(spec("SUPPRS", QNAM="text", QVAL="text"), qualifiers)], {}, "2026-06-30").iloc[0]
    assert (found["LATEST"], found["OF"], found["LATER"]) == ("2026-07-01", "QVAL", 1)


def test_a_study_without_a_cut_says_so():
    found, by = told(["2026-07-01"], "")
    assert by["LATER"].isna().all()
    assert in_short(found).endswith("this study has no data cut")


def test_a_dataset_without_dates_has_no_latest():
    found = data_cut([(spec("TA", ARMCD="text"), records(ARMCD=["A"]))], {}, "2026-06-30").iloc[0]
    assert (found["LATEST"], found["OF"], found["LATER"]) == ("", "", 0)


def test_of_a_dataset_nothing_but_its_days_is_read_and_all_its_records_are_counted():
    qualifiers = spec("SUPPRS", QNAM="text", QVAL="text", IDVAR="text")
    written = {"ae": records(AESTDTC=["2026-07-01"], AETERM=["x"]), "ta": records(ARMCD=["A", "B"]),
               "supprs": records(QNAM=["READDTC"], QVAL=["2026-07-02"], IDVAR=["RSSEQ"])}  # fmt: skip
    columns = ParquetColumns([*written], lambda name: parquet_bytes(written[name]))
    read = {one.dataset: columns.known(one.dataset.lower(), days_told(one))
            for one in (AE, spec("TA", ARMCD="text"), qualifiers)}  # fmt: skip
    whole, days = (data_cut([(AE, some["AE"]), (qualifiers, some["SUPPRS"])], {}, "2026-06-30")
                   for some in ({name.upper(): frame for name, frame in written.items()}, read))  # fmt: skip

    assert [[*frame] for frame in read.values()] == [["AESTDTC"], [], ["QNAM", "QVAL"]]
    assert len(read["TA"]) == 2
    pd.testing.assert_frame_equal(whole, days)
    assert days["LATER"].tolist() == [1, 1]
