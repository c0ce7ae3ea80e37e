"""A build without the gate tells what is in the fields of the forms that it read: looked at by form, and kept."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.engine.fields_found import fields_found, forms_to_look_at, kept_as, known
from pipeline.engine.node import DATA, FINDINGS, GATE
from pipeline.engine.store import Cache
from pipeline.gate.field_checks import check_forms
from pipeline.gate.fields import OfFields, codelists
from pipeline.ground.queries import ordered

STUDY, FORMS = "iomab_act", ["raw:AE", "raw:VS"]


@pytest.fixture
def build(study_build, tmp_path):
    """A build that has read two forms, in which some cells say what they must not."""
    made = study_build(STUDY, *FORMS)
    build = replace(made, cache=Cache(tmp_path), entries={}, frames={}, made=[])
    for name, field in zip(FORMS, ("AESTDAT", "VSDAT"), strict=True):
        records = made.read(name)
        records[field] = records[field].where(records.index % 7 > 0, "30 FEB 2026")
        build.entries[name] = build.cache.write(name, "given", {DATA: records}, len(records))
    return build


def test_what_is_found_by_form_is_what_is_found_in_all_forms_looked_at_together(build):
    raw = {name.removeprefix("raw:"): build.read(name) for name in FORMS}
    together = check_forms(raw, build.specs.contracts, codelists(build.specs), OfFields(build.specs).taken)[0]
    apart = pd.concat([fields_found(build, name) for name in FORMS])

    assert {*apart["form"]} == {"AE", "VS"}
    pd.testing.assert_frame_equal(ordered(apart), ordered(together))


def test_a_form_is_looked_at_once_and_again_when_its_records_are_others(build, monkeypatch):
    first = fields_found(build, "raw:VS")
    with monkeypatch.context() as patched:
        patched.setattr(OfFields, "found_in", lambda *asked: pytest.fail("It was looked at again."))
        again = fields_found(build, "raw:VS")
    records = build.read("raw:VS")
    build.entries["raw:VS"] = build.cache.write("raw:VS", "other", {DATA: records.head(3)}, 3)

    pd.testing.assert_frame_equal(first, again)
    assert not known(build, "raw:VS") and len(fields_found(build, "raw:VS")) < len(first)
    assert kept_as("raw:VS") not in build.entries


def test_a_form_is_never_read_as_a_whole(build, monkeypatch):
    monkeypatch.setattr("pipeline.engine.store.ROW_GROUP", 2)
    records = build.read("raw:VS").head(30)
    build.entries["raw:VS"] = build.cache.write("raw:VS", "few", {DATA: records}, len(records))
    whole = OfFields(build.specs).found("VS", records)
    monkeypatch.setattr(type(build), "read", lambda *asked, **more: pytest.fail("It was read as a whole."))

    assert whole["field"].eq("VSDAT").any()
    pd.testing.assert_frame_equal(fields_found(build, "raw:VS"), whole)


def test_the_gate_looks_at_the_fields_itself(build):
    assert forms_to_look_at(build) == FORMS
    build.entries[GATE] = build.cache.write(GATE, "made", {FINDINGS: pd.DataFrame()})
    assert forms_to_look_at(build) == []
