"""How grave a finding is, from the gravest; what is read before pandas is needed."""

from __future__ import annotations

from pipeline.ground.faults import TrialError

SEVERITIES = ("critical", "major", "minor", "info")


def reaching(named: str) -> tuple[str, ...]:
    """The severities as grave as the one a user named, or graver; none for ''. Raises TrialError for another word."""
    if named and named not in SEVERITIES:
        raise TrialError(f"Unknown severity '{named}'.", "--fail-on (make: FAIL_ON)", f"one of {', '.join(SEVERITIES)}")
    return SEVERITIES[: SEVERITIES.index(named) + 1] if named else ()
