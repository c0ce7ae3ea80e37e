"""Which rules look at the records of one subject alone: what they find of some subjects is what they find of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.gate.checks.catalogue import Check, needed
from pipeline.study.contracts import Contract

# Rules that hold a record to those of other subjects, or to what was left aside: they see all records at once.
OVER_SUBJECTS = (
    *("a_year_before_entry", "unlike_neighbours"),  # the usual delay of a form; records next to each other in time
    *("shared", "id_of_two_subjects", "number_of_another"),  # numbers that stand for one thing of all subjects
    *("rare_unit", "unit_of_month", "implausible", "off_neighbours"),  # units that others use
    *("other_limits", "limit_missing", "panel_incomplete", "unusual_start", "one_meaning"),  # what most others carry
    *("off_peers", "off_own", "columns_off_own"),  # how far values of a kind go
    *("of_another_site", "of_another_study", "outdated_version"),  # what sites and the study use
    *("missing_at_visit", "sample_due"),  # forms that nearly all subjects have at a visit
    "inactivated_yet_needed",
)
OF_ALL_FORMS = ("visit_missing",)  # rules that look at the records of every form, by whatever names


def of_one_subject(check: Check) -> bool:
    """True for a check that finds of each subject by itself what it finds of all; a clause always does."""
    return check.rule not in OVER_SUBJECTS


def forms_named(check: Check, form: str, contracts: Mapping[str, Contract]) -> Iterable[str]:
    """The forms that a check on a form looks at."""
    return contracts if check.rule in OF_ALL_FORMS else {form, *(named for named, _ in needed(check, contracts))}
