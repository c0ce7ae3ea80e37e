"""The gate as a step of a build: what is open in the extract, with accepted deviations set aside."""

from __future__ import annotations

import pandas as pd

from adam.identities import CHECKS
from pipeline.gate.accepted import FILE, accept, read_register
from pipeline.gate.checks.catalogue import names_of_checks
from pipeline.gate.checks.engine import FAILED
from pipeline.gate.of_build import ReadExtract, snapshot_in_parts
from pipeline.gate.parts import Parts
from pipeline.gate.snapshot import Snapshot, take_snapshot
from pipeline.gate.validation import judged
from pipeline.ground.queries import OF_THE_GATE, finding, gather
from pipeline.ground.severity import SEVERITIES
from pipeline.intake.delivery import Delivery
from pipeline.intake.sdtm import unused_files
from pipeline.study.specs import Specs

REGISTER, RULE = OF_THE_GATE


def open_findings(specs: Specs, delivery: Delivery, cutoff: str) -> pd.DataFrame:
    """Findings of the gate in the shape of all findings; what is accepted or follows from another stays, as info.

    Raises TrialError when nothing of the extract can be read.
    """
    return not_run(specs, delivery) if specs.study.from_sdtm else as_open(specs, take_snapshot(specs, delivery, cutoff))


def open_in_parts(
    specs: Specs, delivery: Delivery, cutoff: str, read: ReadExtract
) -> tuple[pd.DataFrame, Parts]:  # fmt: skip
    """As `open_findings`, of what a build has read; and the parts that it was made of."""
    current, parts = snapshot_in_parts(specs, delivery, cutoff, read)
    return as_open(specs, current), parts


def as_open(specs: Specs, current: Snapshot) -> pd.DataFrame:
    """What is open in an extract, in the shape of all findings."""
    queries, _, problems = judged(specs, current)
    notes = current.findings[current.findings["severity"] == SEVERITIES[-1]]
    wrong = [{"check": REGISTER, "severity": "minor", "message": text} for text in problems]
    return gather([as_findings(queries), notes, wrong, rules_that_failed(current.coverage)])


def rules_that_failed(coverage: pd.DataFrame) -> pd.DataFrame:
    """A finding for each check whose rule broke on the records: nobody knows what it would have asked."""
    failed = coverage[coverage["reason"].astype("str").str.startswith(FAILED)]
    told = zip(failed["check"], failed["reason"], strict=True)
    cure = "what it would have asked is not known. Tell those who maintain the checks."
    return gather([finding(RULE, "major", f"The check {name} did not run: {why}; {cure}") for name, why in told])


def not_run(specs: Specs, delivery: Delivery) -> pd.DataFrame:
    """What the gate says of an SDTM made elsewhere: its checks ask the eCRF and are not run; which files are unused."""
    checks = names_of_checks(specs)
    message = (f"{len(checks)} checks of the gate ask the eCRF and were not run on this SDTM: {', '.join(checks)}. "
               "What its domains lack is told by findings SDTM-*.")
    known = [spec.dataset for spec in specs.datasets.values() if spec.layer == "sdtm" and not spec.intermediate]
    return gather([finding("GATE-NOTRUN", SEVERITIES[-1], message), unused_files(delivery, known)])


def as_findings(queries: pd.DataFrame) -> pd.DataFrame:
    """Queries in the shape of findings: info where nothing is left to ask, with the reason before the message."""
    accepted, follows = queries["status"] == "accepted", queries["cause"] != ""
    message = queries["message"].mask(accepted, "Accepted deviation (" + queries["note"] + "): " + queries["message"])
    cause = queries["cause"].map(queries.drop_duplicates("query").set_index("query")["check"]).astype("str")
    message = message.mask(follows, "Follows from " + queries["cause"] + " (" + cause + "): " + queries["message"])
    return queries.assign(severity=queries["severity"].mask(accepted | follows, SEVERITIES[-1]), message=message)


def set_aside(found: pd.DataFrame, specs: Specs, day: str) -> pd.DataFrame:
    """Findings of identities; those that accepted.csv accepts on that day (the extract's) stay, as info."""
    forms = [spec.dataset for spec in specs.datasets.values() if spec.layer == "adam"]
    register, _ = read_register(specs.folder / FILE, CHECKS, forms)
    told, _ = accept(found.assign(status="open", note="", cause="", query="", _key=found["record"]), register, day)
    return gather([as_findings(told)])
