"""What the machine offers a run."""

from __future__ import annotations

import gc
import os

OBJECTS = 50_000


def processors() -> int:
    """How many things may be made at the same time: as TRIAL_WORKERS says, else the processors of this process."""
    told = os.environ.get("TRIAL_WORKERS", "")
    if told.isdigit() and int(told) > 0:
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def collect_seldom() -> None:
    """Look for circles of dead objects after many new ones: a run makes few, and looking costs a tenth of its time."""
    gc.set_threshold(OBJECTS)
