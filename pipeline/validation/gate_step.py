"""The gate as a step of a build: what is open in the extract, with accepted deviations set aside."""

from __future__ import annotations

import pandas as pd

from pipeline.delivery import Delivery
from pipeline.ground.queries import SEVERITIES, gather
from pipeline.specs import Specs
from pipeline.validation.accepted import FILE, accept, read_register
from pipeline.validation.life import told
from pipeline.validation.run import known_checks
from pipeline.validation.snapshot import take_snapshot


def open_findings(specs: Specs, delivery: Delivery, cutoff: str) -> pd.DataFrame:
    """Findings of the gate in the shape of all findings; one that is accepted stays, as severity info.

    Raises TrialError when nothing of the extract can be read.
    """
    current = take_snapshot(specs, delivery, cutoff)
    checks = known_checks([current])
    register, problems = read_register(specs.folder / FILE, checks, [*specs.raw, *current.forms])
    queries, _ = accept(told(current, []), register, current.extracted)
    accepted = queries["status"] == "accepted"
    words = "Accepted deviation (" + queries["note"] + "): " + queries["message"]
    asked = queries.assign(
        severity=queries["severity"].mask(accepted, SEVERITIES[-1]), message=queries["message"].mask(accepted, words)
    )
    notes = current.findings[current.findings["severity"] == SEVERITIES[-1]]
    wrong = [{"check": "GATE-REGISTER", "severity": "minor", "message": text} for text in problems]
    return gather([asked, notes, wrong])
