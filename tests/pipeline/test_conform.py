"""A dataset is made to conform to its spec: types, order, keys, required values and codelists."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import grid, spec

from pipeline.engine.schema import conform, in_order, out_of_order, pandera_cases, shaped
from pipeline.engine.store import MANY, parquet_bytes, read_parquet
from pipeline.ground.faults import TrialError

SPEC = spec("STUDYID text\nUSUBJID text\nXXSEQ integer\nXXSEV text SEVERITY\nXXVAL number", "STUDYID USUBJID XXSEQ")
TERMS = grid("""
    codelist | extensible | collected | submission
    SEVERITY | N          | 1         | MILD
    SEVERITY | N          | 3         | SEVERE
    FREE     | Y          | 1         | ONE
""")


def frame(**columns: list) -> pd.DataFrame:
    told = {"STUDYID": ["S", "S"], "USUBJID": ["S-2", "S-1"], "XXSEQ": [1.0, 1.0], "XXSEV": ["MILD", ""],
            "XXVAL": [0.5, None]}  # fmt: skip
    return pd.DataFrame(told | columns)


def test_records_are_in_the_order_of_their_keys_variables_as_the_spec_says_and_empty_texts_missing():
    made, found = conform(frame(MORE=["a", "b"]), SPEC, TERMS)
    assert [*made.columns] == [*SPEC.names] and made["USUBJID"].tolist() == ["S-1", "S-2"]
    assert made["XXSEV"].isna().tolist() == [True, False] and not len(found)
    assert [str(made[name].dtype) for name in ("XXSEQ", "XXVAL", "XXSEV")] == ["int64", "float64", "str"]


def test_a_value_outside_a_list_that_may_not_be_extended_is_a_finding_and_stays():
    made, found = conform(frame(XXSEV=["AWFUL", "MILD"]), SPEC, TERMS)
    assert made["XXSEV"].tolist() == ["MILD", "AWFUL"]
    assert found[["check", "subject", "record", "field", "value"]].to_numpy().tolist() == [
        ["DATA-CODELIST", "2", "XXSEQ=1", "XXSEV", "AWFUL"]]  # fmt: skip
    assert found["message"].item() == "'AWFUL' is not in codelist SEVERITY; correct it, or map it."


def test_a_required_value_that_is_missing_is_a_finding():
    asked = replace(SPEC, variables=tuple(replace(v, core="Req") if v.name == "USUBJID" else v for v in SPEC.variables))
    _, found = conform(frame(USUBJID=["S-2", None]), asked, TERMS)
    assert found[["check", "field", "value"]].to_numpy().tolist() == [["DATA-REQUIRED", "USUBJID", ""]]


@pytest.mark.parametrize(("columns", "told"), [
    ({"USUBJID": ["S-1", "S-1"]}, "two records share the key STUDYID=S, USUBJID=S-1, XXSEQ=1"),
    ({"XXVAL": ["high", "1"]}, "XXVAL is not of type number"),
])  # fmt: skip
def test_a_repeated_key_or_a_value_of_another_type_stops_the_build(columns, told):
    with pytest.raises(TrialError, match=told):
        conform(frame(**columns), SPEC, TERMS)


@pytest.mark.parametrize("records", [2, 2 * MANY])
def test_text_is_kept_as_texts_of_python_and_a_repeated_text_of_many_records_once(records):
    of = records // 2
    read = read_parquet(parquet_bytes(frame(XXSEV=["MILD", "MILD"]).loc[[0] * of + [1] * of].reset_index(drop=True)))
    assert {str(read[name].dtype.storage) for name in ("USUBJID", "XXSEV")} == {"python"}
    assert len(set(map(id, read["XXSEV"].array))) == 1 or records < MANY
    assert read["USUBJID"].tolist() == ["S-2"] * of + ["S-1"] * of


VALUES = {"USUBJID": ("S-1", "S-2", None), "XXSEV": ("MILD", "SEVERE", "AWFUL", ""), "XXVAL": (0.5, None)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*map(st.sampled_from, VALUES.values())), min_size=1, max_size=4))
def test_the_look_over_the_columns_finds_a_dataset_in_order_where_pandera_names_no_case(rows):
    asked = replace(SPEC, variables=tuple(replace(v, core="Req") if v.name in VALUES else v for v in SPEC.variables))
    values = dict(zip(VALUES, zip(*rows, strict=True), strict=True))
    dataset = shaped(pd.DataFrame({"STUDYID": "S", "XXSEQ": range(len(rows)), **values}), asked)
    closed = {"SEVERITY": {"MILD", "SEVERE"}}

    assert in_order(dataset, asked, closed) == (len(pandera_cases(dataset, asked, closed)) == 0)
    alone = out_of_order(dataset, asked, closed)
    assert len(alone) == pandera_cases(dataset, asked, closed)["place"].nunique()
    assert conform(alone, asked, TERMS)[1].to_csv() == conform(dataset, asked, TERMS)[1].to_csv()


def test_records_that_share_a_key_are_told_alone_as_among_all():
    dataset = shaped(frame(USUBJID=["S-1", "S-1"]), SPEC)
    alone = out_of_order(pd.concat([shaped(frame(USUBJID=["S-8", "S-9"]), SPEC), dataset]), SPEC, {})

    assert alone["USUBJID"].tolist() == ["S-1", "S-1"]
    with pytest.raises(TrialError, match="two records share the key STUDYID=S, USUBJID=S-1, XXSEQ=1"):
        conform(alone, SPEC, TERMS)
