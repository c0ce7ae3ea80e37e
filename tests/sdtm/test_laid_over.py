"""A sheet over SDTM made elsewhere: what it says wins, all else is as delivered; other data sets give more records."""

import pandas as pd
import pytest
from small_study import NO_CUT, STUDY, VISITS, grid, spec

from pipeline.ground.faults import TrialError
from sdtm.mapping.inputs import MappingInputs
from sdtm.mapping.laid_over import laid_over

TERMS = pd.DataFrame(
    [("SUPPDD", "Y", "", "WHO", "", "Who told")],
    columns=["codelist", "extensible", "collected", "submission", "code", "label"],
)
VARIABLES = "STUDYID text\nDOMAIN text\nUSUBJID text\nDDSEQ integer\nDDTESTCD text\nDDORRES text\nDDDTC text"


def dataset(form, text):
    frame = grid(text)
    return frame.assign(_SUBJECT=frame["USUBJID"], _FORM=form, _FILE=f"{form}.xpt", _LINE=range(1, len(frame) + 1),
                        _RECORD=[f"record {n}" for n in range(1, len(frame) + 1)])  # fmt: skip


DATASETS = {
    "DD": dataset("DD", """
        USUBJID | DDSEQ | DDTESTCD | DDORRES | DDDTC
        S-1     | 1     | CAUSE    | PD      | 2025-03
        S-2     | 1     | OTHER    | .       | 2025-04"""),
    "DM": dataset("DM", """
        USUBJID | DTHFL | DTHDTC
        S-3     | Y     | 2025-05-01
        S-4     | .     | ."""),
}  # fmt: skip


def over(sheet, domain="DD"):
    known = spec(VARIABLES, "STUDYID USUBJID DDSEQ")
    inputs = MappingInputs(STUDY, TERMS, known, "2030-01-01", NO_CUT, VISITS, 30.4)
    header = "form | block | target | rule | source | where\n"
    return laid_over(domain, grid(header + sheet.strip()), DATASETS, inputs)


def test_a_target_is_laid_over_where_its_condition_holds_and_all_else_is_as_delivered():
    made, found = over('DD | * | DDTESTCD | hardcode | PRCDTH | DDTESTCD == "CAUSE"')

    assert made[["USUBJID", "DDTESTCD", "DDORRES", "DDDTC"]].fillna("").values.tolist() == [
        ["S-1", "PRCDTH", "PD", "2025-03"], ["S-2", "OTHER", "", "2025-04"],
    ]  # fmt: skip
    assert len(found) == 0


def test_records_that_no_row_chooses_are_left_out_and_counted():
    made, found = over('DD | * |  | records |  | DDTESTCD == "CAUSE"')

    assert made["USUBJID"].tolist() == ["S-1"]
    assert found[["check", "value"]].values.tolist() == [["SDTM-CHOSEN", "1"]]


def test_another_data_set_gives_records_that_know_where_they_come_from():
    made, _ = over("""
        DM | DEATH |          | records  |        | DTHFL == "Y"
        DM | DEATH | DDTESTCD | hardcode | PRCDTH |
        DM | DEATH | DDDTC    | assign   | DTHDTC |""")

    assert made[["USUBJID", "DDTESTCD", "DDDTC", "_FORM", "_FILE", "_LINE"]].values.tolist()[2:] == [
        ["S-3", "PRCDTH", "2025-05-01", "DM", "DM.xpt", 1],
    ]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), [
    ("DD | B1 | DDTESTCD | hardcode | X |", "in one piece"),
    ("DD | * | SUPP.WHO | hardcode | X |", "a qualifier is a record of SUPPDD"),
    ("DX | * | DDTESTCD | hardcode | X |", "Unknown form DX"),
    ("DD | * | DDTESTCD | assign | DDTEXT |", "DD has no field DDTEXT"),
])  # fmt: skip
def test_a_sheet_that_names_what_is_not_there_is_refused_with_its_line(row, said):
    with pytest.raises(TrialError, match=said) as refused:
        over(row)

    assert "line 2" in refused.value.where
