"""The register of accepted differences: which lines can be used, what they accept, and until when."""

import pandas as pd
import pytest

from pipeline.against.accepted import read_accepted
from pipeline.against.tables import Dataset, compare
from pipeline.ground.faults import TrialError

DATASETS = {"ADSL": ("USUBJID", "AGE", "SEX"), "RESULTS": ()}
OUTPUTS = {"T-14.1.1"}
OLD = pd.DataFrame({"USUBJID": ["S-101", "S-102"], "AGE": [50.0, 60.0], "SEX": ["F", "M"]})
NEW = OLD.assign(AGE=[51.0, 61.0], SEX=["M", "F"])


def register(tmp_path, *lines, day="2026-06-30"):
    path = tmp_path / "accepted_differences.csv"
    path.write_text("\n".join(["what,why,who,until", *lines]) + "\n", encoding="utf-8")
    return read_accepted(path, DATASETS, OUTPUTS, day)


@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        ("ADSL,rounded,me,", ["AGE 101", "AGE 102", "SEX 101", "SEX 102"]),
        ("ADSL.AGE,rounded,me,", ["AGE 101", "AGE 102"]),
        ("ADSL.AGE USUBJID=101,rounded,me,", ["AGE 101"]),
        ("ADSL USUBJID=S-102,rounded,me,", ["AGE 102", "SEX 102"]),
        ("ADSL.AGE USUBJID=01,rounded,me,", []),
        ("ADSL.AGE:label,rounded,me,", []),
        ("ADSL.AGE,rounded,me,2026-06-30", ["AGE 101", "AGE 102"]),
        ("ADSL.AGE,rounded,me,2026-06-29", []),
    ],
)
def test_a_line_accepts_what_its_address_names_until_its_day(tmp_path, line, accepted):
    compared = compare("ADSL", Dataset(OLD), Dataset(NEW), ["USUBJID"], judge=register(tmp_path, line).judge("ADSL"))

    held = compared.found[compared.found["STATUS"] == "accepted"]
    assert [f"{row.VARIABLE} {row.SUBJECT[2:]}" for row in held.itertuples()] == accepted
    assert compared.counts["ACCEPTED"].sum() == len(accepted)


def test_without_a_data_cut_no_line_that_ends_accepts_anything(tmp_path):
    told = register(tmp_path, "ADSL.AGE,rounded,me,2099-12-31", "ADSL.SEX,coded,me,", day="")

    assert [state for _, state in told.states()] == [
        "no day is known to judge 2099-12-31 by (--day)", "meets no difference",
    ]  # fmt: skip


def test_results_are_accepted_by_their_output(tmp_path):
    results = pd.DataFrame({"OUTPUT": ["T-14.1.1", "T-14.1.2"], "VALUE": [1.0, 2.0]})
    judge = register(tmp_path, "T-14.1.1,another rounding,me,").judge("RESULTS")
    compared = compare("RESULTS", Dataset(results), Dataset(results.assign(VALUE=[3.0, 4.0])), ["OUTPUT"],
                       judge=judge, subject="OUTPUT")  # fmt: skip

    assert compared.found["STATUS"].tolist() == ["accepted", "open"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ADSX,why,me,", "'ADSX' is no dataset and no output; did you mean ADSL?"),
        ("ADSL.AGEE,why,me,", "ADSL has no variable AGEE; did you mean AGE?"),
        ("ADSL.AGE USUBJD=1,why,me,", "ADSL has no variable USUBJD; did you mean USUBJID?"),
        ("ADSL.AGE everybody,why,me,", "'everybody' is no condition on records; write VARIABLE=value."),
        ("ADSL.AGE,,me,", "`why` is empty; an acceptance names what, why and by whom."),
        ("ADSL.AGE,why,,", "`who` is empty; an acceptance names what, why and by whom."),
        ("ADSL.AGE,why,me,31.12.2026", "'31.12.2026' is no date; write `until` as 2026-12-31, or leave it empty."),
    ],
)
def test_a_line_that_cannot_be_used_is_told_and_accepts_nothing(tmp_path, line, said):
    told = register(tmp_path, line)

    assert told.lines == ()
    assert told.problems == (f"accepted_differences.csv, record 1: {said} It accepts nothing.",)


def test_a_register_of_other_columns_is_refused(tmp_path):
    path = tmp_path / "accepted_differences.csv"
    path.write_text("what,why\nADSL,because\n", encoding="utf-8")
    with pytest.raises(TrialError, match="the columns what, why, who, until"):
        read_accepted(path, DATASETS, OUTPUTS, "")
