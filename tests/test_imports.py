"""What every command pays before it does anything: no heavy library is loaded until it is used."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("pandas", "numpy", "pyarrow", "scipy", "matplotlib", "lifelines", "statsmodels", "great_expectations")


@pytest.mark.parametrize("module", ["pipeline.cli", "pipeline.publish.build", "pipeline.desk.command", "tlf.decided"])
def test_no_heavy_library_is_loaded_before_it_is_used(module):
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)

    assert told.stdout.strip() == ""
