"""What the machine offers a run."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import platform
import sys
import time
from functools import cache
from importlib.metadata import version

OBJECTS = 50_000
STARTED = time.perf_counter()  # of this process, nearly
LIBRARIES = ("pandas", "numpy", "pyarrow", "pandera", "scipy", "lifelines", "statsmodels", "matplotlib")


def partitions_told() -> int:
    """In how many parts of the subjects datasets are made, as TRIAL_PARTITIONS says; 0 where it says nothing."""
    told = os.environ.get("TRIAL_PARTITIONS", "")
    return int(told) if told.isdigit() else 0


def processors() -> int:
    """How many things may be made at the same time: as TRIAL_WORKERS says, else the processors of this process."""
    told = os.environ.get("TRIAL_WORKERS", "")
    if told.isdigit() and int(told) > 0:
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def collect_seldom() -> None:
    """Look for circles of dead objects after many new ones: a run makes few, and looking costs a tenth of its time."""
    gc.set_threshold(OBJECTS)


def give_back() -> None:
    """Hand memory that was freed back to the machine, which Arrow and the C library keep for later use."""
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):  # not of glibc
        ctypes.CDLL(None).malloc_trim(0)


@cache
def versions() -> dict[str, str]:
    """Python and the libraries that numbers and bytes depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
