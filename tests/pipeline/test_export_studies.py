"""Every dataset of the example studies leaves the house and is, read back, the dataset that was written."""

import io
import json
from functools import cache

import pandas as pd
import pyreadstat
import pytest

from pipeline.publish.export.command import wanted_of
from pipeline.publish.export.dataset_json import json_file
from pipeline.publish.export.define.command import define_files
from pipeline.publish.export.files import carried, transport_files

STUDIES = ("iomab_act", "bsab12", "cd38", "hem101")
EPOCH = pd.Timestamp("1960-01-01")


@pytest.fixture(scope="module")
def wanted(study_build):
    return cache(lambda study: wanted_of(study_build(study)))


def as_numbers(values, sas_format):
    """The numbers of SAS that stand for dates and moments; other numbers as they are."""
    if values.dtype.kind != "M":
        return values.astype("float64")
    unit = pd.Timedelta(seconds=1 if sas_format.startswith("DATETIME") else 86400)
    return ((values - EPOCH) / unit).astype("float64")


@pytest.mark.parametrize("study", STUDIES)
def test_transport_files_hold_what_the_datasets_hold_and_list_all_else(study, wanted):
    held = carried(wanted(study))
    listed = set(zip(held.listing["DATASET"], held.listing["VARIABLE"], strict=True))
    differing, written = [], set()
    for path, pieces in transport_files(wanted(study), held):
        if not path.endswith(".xpt"):
            continue
        one = wanted(study).datasets[path.split("/")[1].removesuffix(".xpt")]
        back, told = pyreadstat.read_xport(io.BytesIO(b"".join(pieces)), disable_datetime_conversion=True)
        assert list(back) == list(one.data) and len(back) == len(one.data)
        written.add(one.name)
        for name in back:
            text = pd.api.types.is_string_dtype(one.data[name])
            due = one.data[name].fillna("") if text else as_numbers(one.data[name], told.original_variable_types[name])
            same = back[name].fillna("").eq(due) if text else back[name].eq(due) | (back[name].isna() & due.isna())
            differing += [(one.name, name)] if not same.all() else []

    without_signs = set(held.listing.loc[held.listing["WRITTEN"].isna(), "DATASET"])
    assert written == {one.name for one in wanted(study).datasets.values()} - without_signs
    assert set(differing) <= listed


@pytest.mark.parametrize("study", STUDIES)
def test_dataset_json_gives_back_every_value(study, wanted):
    for one in wanted(study).datasets.values():
        said = json.loads(b"".join(json_file(one, wanted(study).origin)))
        back = pd.DataFrame(said["rows"], columns=[column["name"] for column in said["columns"]])
        for name, values in one.data.items():
            due = values.dt.strftime("%Y-%m-%d").astype("str") if values.dtype.kind == "M" else values
            same = back[name].astype(due.dtype if due.dtype.kind in "fi" else "str")
            assert (same.eq(due) | (same.isna() & due.isna())).all(), f"{one.name}.{name}"


@pytest.mark.parametrize("study", STUDIES)
def test_the_define_is_valid_and_the_data_are_as_it_says_but_for_what_sites_left_empty(study, wanted, study_build):
    found = {path: b"".join(pieces) for path, pieces in define_files(study_build(study), wanted(study))}
    told = [pd.read_csv(io.BytesIO(found[f"{layer}/differences.csv"])) for layer in ("sdtm", "adam")]

    assert {"sdtm/define.xml", "adam/define.xml", "sdtm/define2-1.xsl"} <= set(found)
    assert set(pd.concat(told)["RULE"]) <= {"is mandatory and empty"}
