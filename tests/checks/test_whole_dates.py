"""A date collected in three fields is asked by the checks that ask dates, and shown whole in their queries."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from check_case import ROOT, TAKEN

from pipeline.gate.checks.engine import run_checks
from pipeline.gate.checks.whole_dates import with_whole_dates
from pipeline.intake.delivery import Delivery
from pipeline.intake.manifest import Manifest
from pipeline.study.specs import load_specs

PARTS = ("AESTYY", "AESTMM", "AESTDD")


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    """A study whose adverse events begin on a date in three fields."""
    home = tmp_path_factory.mktemp("parts")
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, home / "specs" / name)
    folder = home / "specs" / "iomab_act"
    contract, sheet = folder / "raw" / "ae.yaml", folder / "mapping" / "ae.csv"
    lines = contract.read_text().splitlines(keepends=True)
    own = next(number for number, line in enumerate(lines) if line.startswith("  AESTDAT:"))
    made = [f"  {name}: {{label: {name}, type: text}}\n" for name in PARTS]
    contract.write_text("".join([*lines[:own], *made, *lines[own + 1:]]))
    sheet.write_text("".join(f"AE,,AESTDTC,date_of_parts,{' '.join(PARTS)},\n" if ",AESTDTC," in line else line
                             for line in sheet.read_text().splitlines(keepends=True)))  # fmt: skip
    shutil.rmtree(folder / "checks")
    return load_specs(home, "iomab_act")


def events(*rows):
    keys = {"_FORM": "AE", "_SUBJECT": "1010001", "FOLDER": "LOG"}
    told = [dict(zip((*PARTS, "AEENDAT"), row, strict=True)) | keys | {"_RECORD": str(n), "_LINE": n + 1}
            for n, row in enumerate(rows, start=1)]  # fmt: skip
    return {"AE": pd.DataFrame(told).assign(AETERM="Fever")}


def test_the_year_of_a_date_in_three_fields_holds_all_of_it(specs):
    own, raw = with_whole_dates(specs, events(("2025", "MAR", "9", "12 MAR 2025"), ("2025", "3", None, None)))
    assert raw["AE"]["AESTYY"].tolist() == ["9 MAR 2025", "2025-03"]
    assert own.contracts["AE"].fields["AESTYY"].type == "date" and specs.contracts["AE"].fields["AESTYY"].type == "text"


def test_an_end_before_a_start_in_three_fields_is_a_query_that_shows_the_start(specs):
    raw = events(("2025", "MAR", "9", "01 MAR 2025"), ("2025", "MAR", "9", "12 MAR 2025"), ("2025", "MAR", None, None))
    delivery = Delivery(Path("extract"), {}, Manifest(extracted=f"{TAKEN}T06:00:00Z", data_cutoff="2026-06-30"))
    found, _ = run_checks(raw, specs, delivery)
    ended = found[found["check"].str.contains("END") & found["form"].eq("AE")]
    assert ended["record"].tolist() == ["1"] and "9 MAR 2025" in ended["message"].iloc[0]
