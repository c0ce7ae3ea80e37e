"""Records of outputs are as seen: dated, and counted in days from the infusion, as in conditions and sets."""

import pandas as pd
import pytest
from tables import as_text, given

from pipeline.engine.output_view import all_seen, as_seen

ADSL = given("adsl", "USUBJID CARTSDT\n1 2025-01-10\n2 .")
PC = given("pc", "USUBJID PCSEQ PCDTC\n1 1 2025-01-10T08:00\n1 2 2025-02\n2 1 2025-01-20\n3 1 2025-01-20")
EVENTS = given("adae", "USUBJID AESEQ ASTDT CARTDY\n1 1 2025-01-12 99")


def test_records_of_sdtm_have_their_date_and_days_from_the_infusion():
    records = as_seen("pc", PC, ADSL)
    assert as_text(records["ADT"]).tolist() == ["2025-01-10", "2025-02-01", "2025-01-20", "2025-01-20"]
    assert as_text(records["ADTHI"]).tolist() == ["2025-01-10", "2025-02-28", "2025-01-20", "2025-01-20"]
    assert as_text(records["CARTDY"]).tolist() == ["0", "22", ".", "."]
    assert records["SRCDOM"].tolist() == ["PC"] * 4 and as_text(records["SRCSEQ"]).tolist() == ["1", "2", "1", "1"]
    assert records.index.equals(PC.index) and list(records.columns)[: len(PC.columns)] == list(PC.columns)


def test_what_an_analysis_dataset_says_itself_stays():
    records = as_seen("adae", EVENTS, ADSL)
    assert (as_text(records["CARTDY"]).tolist(), as_text(records["ADT"]).tolist()) == (["99"], ["2025-01-12"])


@pytest.mark.parametrize(("name", "frame"), [("adsl", ADSL), ("suppae", given("suppae", "USUBJID QNAM\n1 X"))])
def test_what_has_no_date_stays_as_it_is(name, frame):
    assert as_seen(name, frame, ADSL) is frame
    assert all_seen(["pc"], {"pc": PC}.__getitem__)["pc"] is PC  # without ADSL nobody knows the infusion


def test_empty_datasets_have_the_variables_too():
    assert {"ADT", "CARTDY"} <= {*as_seen("pc", PC.head(0), ADSL)}
    assert isinstance(as_seen("pc", PC.head(0), ADSL), pd.DataFrame)


def test_a_dataset_is_told_once_for_all_outputs_and_anew_where_it_or_adsl_is_another():
    kept = {}
    seen = [all_seen(["pc", "adsl"], {"pc": pc, "adsl": adsl}.__getitem__, kept)["pc"]
            for pc, adsl in [(PC, ADSL), (PC, ADSL), (PC, ADSL.tail(1)), (PC.tail(1), ADSL.tail(1))]]  # fmt: skip
    assert seen[1] is seen[0]
    assert [as_text(one["CARTDY"]).tolist() for one in seen[2:]] == [[".", ".", ".", "."], ["."]]
