"""A query goes by one name in every extract and on every machine, and no two things by the same one."""

import hashlib

import pandas as pd
import pytest

from pipeline.gate.changes import _key
from pipeline.gate.query_history import IDENTITY, numbered, query_id

ROWS = [("AE-1", "AE", "7", "AETERM"), ("AE-1", "AE", "7", "AETERM"), ("AE-1", "AE7", "", "AETERM")]


@pytest.fixture(params=["python", "pyarrow"])
def rows(request):
    with pd.option_context("mode.string_storage", request.param):
        yield pd.DataFrame(ROWS, columns=IDENTITY, dtype="str").assign(value="x", message="m")


def test_the_name_of_a_query_is_made_of_check_form_record_field_and_number_however_texts_are_kept(rows):
    names = numbered(rows)["_id"].map(query_id).tolist()
    told = ("AE-1AE7AETERM\x000", "AE-1AE7AETERM\x001")
    by_hand = [hashlib.sha256(text.encode()).hexdigest()[:10].upper() for text in told]

    assert names[:2] == [f"Q-{digits}" for digits in by_hand]


def test_parts_that_read_alike_one_after_the_other_are_two_identities(rows):
    assert numbered(rows)["_id"].is_unique


def test_a_record_that_is_repeated_is_not_taken_for_the_one_of_a_longer_number():
    records = pd.DataFrame({"_RECORD": ["7", "7", "71"]}, dtype="str")

    assert _key(records).is_unique
    assert _key(records)[0] == "7"
