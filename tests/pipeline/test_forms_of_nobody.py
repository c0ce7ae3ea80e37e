"""A form of no subject (`subject: none`) is read whole; checks of subjects' records do not look at it."""

import pandas as pd
import pytest

from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.study import shapes
from pipeline.study.contracts import contract_of

RANGES = "LAB,TEST,LOW,HIGH\n01,HGB,120,160\n02,HGB,130,170\n"
CONTRACT = {"form": "NR", "subject": "none", "record": ["LAB", "TEST"],
            "fields": {name: {"type": "text"} for name in ("LAB", "TEST", "LOW", "HIGH")}}  # fmt: skip


def test_records_of_no_subject_are_kept_whoever_is_in_the_study(tmp_path):
    (tmp_path / "NR.csv").write_text(RANGES)

    records, found = read_form(open_delivery(tmp_path), contract_of(CONTRACT), frozenset({"1010001"}))

    assert records[["LAB", "LOW"]].values.tolist() == [["01", "120"], ["02", "130"]]
    assert records["_SUBJECT"].isna().all() and records["_RECORD"].tolist() == ["01/HGB", "02/HGB"]
    assert not set(found["check"]) & {"RAW-SUBJECT", "RAW-EMPTY"}


def test_another_word_for_the_subject_is_a_slip(tmp_path):
    path = tmp_path / "nr.yaml"
    path.write_text("form: NR\nsubject: nobody\nfields: {LAB: {type: text}}\n")

    with pytest.raises(TrialError, match="`subject` must be the word none"):
        shapes.load(path, shapes.CONTRACT)


def test_the_empty_frame_of_such_a_form_has_a_subject_column(tmp_path):
    (tmp_path / "NR.csv").write_text(RANGES.splitlines()[0] + "\n")

    records, _ = read_form(open_delivery(tmp_path), contract_of(CONTRACT), None)

    assert records.empty and isinstance(records["_SUBJECT"], pd.Series)
