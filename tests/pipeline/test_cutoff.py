"""The data cut: asked for, or stated by the delivery; one that lies after the extract was taken is told."""

from types import SimpleNamespace

import pytest

from pipeline.ground.metadata import StudySettings
from pipeline.intake.cutoff import data_cut, late_cut
from pipeline.intake.manifest import Manifest

SPECS = SimpleNamespace(study=StudySettings())


@pytest.mark.parametrize(("asked", "extracted", "named", "warned"), [
    ("2026-06-30", "2026-07-02T06:00:00Z", "2026-06-30", False), ("2026-07-02", "2026-07-02", "2026-07-02", False),
    ("2026-12-31", "2026-07-02T06:00:00Z", "2026-12-31 (after the extract was taken, 2026-07-02)", True),
    ("2026-12-31", "", "2026-12-31", False), ("2026-12-31", "x", "2026-12-31", False),
])  # fmt: skip
def test_a_cut_after_the_extract_was_taken_is_told_on_terminal_and_pages(asked, extracted, named, warned):
    delivery = SimpleNamespace(cutoff="", manifest=Manifest(extracted=extracted))
    assert (asked, named) == data_cut(asked, delivery, SPECS)
    assert warned == ("after the extract was taken" in late_cut(asked, delivery))
