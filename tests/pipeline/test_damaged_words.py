"""Whatever one part of a spec is damaged to, it is told as a slip or is read: no user ends in a traceback."""

import copy

import pytest
import yaml

from pipeline.study import shapes
from pipeline.study.contracts import contract_of, system_of
from pipeline.study.datasets import dataset_spec
from pipeline.study.decisions import OpenPoint, own_choices
from pipeline.study.frozen import frozen
from pipeline.study.settings import SiteWords, settings_of

PUT = ("", "x", "-1", "999999", "true", [], ["x"], [[]], [{"x": "y"}], {}, {"x": "y"}, {"x": {}})
SPECS = {
    "study": (shapes.STUDY, settings_of, """
        study: S
        subjects: DM
        entered: [IC.ICDAT, ENR.DAT]
        anchor_day: 1
        entry_days: 5
        primary: true
        arm: {code: A, label: Arm}
        treatments: {cells: {label: Cells, planned: {dose: 50, unit: mCi}, products: [X]}}
        parts: {A: Part A}
        criteria: {toxicity: CTCAE v5.0}
        headline: [{label: L, output: T-1, row: R, column: C, show: "{n:x}"}]
        not_collected: [ie]"""),
    "system": (shapes.SYSTEM, system_of, """
        columns: {ACTIVE: {type: integer, range: [0, 1], required: true, alias: [A]}}
        subject: {number: "(?P<site>[0-9]{3})[0-9]{4}"}
        inactive: {column: ACTIVE, value: 0}
        written: {encoding: utf-8}
        dates: DMY"""),
    "contract": (shapes.CONTRACT, contract_of, """
        form: VS
        header_row: 2
        need: essential
        subject: {column: SUBJECT, site: 1}
        record: [RECORDID]
        unique: [RECORDID]
        folders: [SCR1]
        inactive: {column: ACTIVE, value: 0}
        written: {dates: DMY}
        system: false
        fields: {TEMP: {type: decimal, range: [34, 43], alias: T, companion: false}, NOTE: }"""),
    "dataset": (shapes.DATASET, dataset_spec, """
        dataset: ADX
        label: L
        structure: One record per X
        class: BDS
        made_by: subject
        intermediate: true
        timing: [ADT]
        keys: [A]
        variables: [{name: A, type: text, core: Req}]
        parameters: [{code: P, label: L, derivation: D}]"""),
    "short dataset": (shapes.DATASET, dataset_spec, """
        dataset: X
        label: L
        structure: One record per X
        intermediate: true
        keys: [A]
        variables: {A: text, B: {type: date, label: L}}"""),
    "sites": (shapes.SITES, lambda said: frozen(SiteWords, said), "{adverse_events: AE, missing_forms: [X]}"),
    "decisions": (shapes.DECISIONS, lambda said: [frozen(OpenPoint, entry) for entry in said], """
        - {id: A, question: Q, type: integer, min: 1, max: B, or_none: true, window: [D, W], default: 3, why: W}"""),
    "own decisions": (shapes.OWN_DECISIONS, lambda said: [*own_choices(said)], "{A: 1, B: {value: 2}}"),
    "own decisions as a list": (shapes.OWN_DECISIONS, lambda said: [*own_choices(said)], "[{id: A, value: 1}]"),
}  # fmt: skip


def places(content, at=()):
    """The path of every part of a document, the whole first."""
    yield at
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for word, part in parts:
        yield from places(part, (*at, word))


def damaged(content, at, value):
    """The document with one part replaced, or (None) taken away."""
    whole = copy.deepcopy(content)
    inner = whole
    for word in at[:-1]:
        inner = inner[word]
    if value is None:
        del inner[at[-1]]
    else:
        inner[at[-1]] = value
    return whole


@pytest.mark.parametrize("kind", SPECS)
def test_a_damaged_word_is_a_slip_or_is_read(kind):
    shape, read, text = SPECS[kind]
    content = yaml.load(text, Loader=yaml.BaseLoader)
    assert not [*shapes.slips(content, shape)]
    read(content)

    for at in [at for at in places(content) if at]:
        for value in (*PUT, None):
            whole = damaged(content, at, value)
            if not [*shapes.slips(whole, shape)]:
                read(whole)
