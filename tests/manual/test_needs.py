"""What the page `needs.md` says that derivations look for: known variables, and terms that code or standard says."""

import csv
from pathlib import Path

import pytest

from pipeline.ground import clauses
from pipeline.study.csv_text import load_table
from pipeline.study.datasets import load_datasets

ROOT = Path(__file__).parents[2]
NEEDS = list(csv.DictReader((ROOT / "docs" / "specs" / "needs.csv").open(encoding="utf-8")))
STANDARD = ROOT / "specs" / "standard"
CT = load_table(STANDARD / "terminology" / "codelists.csv")
LOOKED_FOR = [path.read_text(encoding="utf-8") for path in (
    *(ROOT / "adam").rglob("*.py"), *(ROOT / "sdtm").rglob("*.py"), *STANDARD.glob("*.yaml"),
    *(STANDARD / "endpoints").glob("*.yaml"), *(STANDARD / "adam").glob("*.yaml"))]  # fmt: skip


@pytest.mark.parametrize("need", NEEDS, ids=[need["what"] for need in NEEDS])
def test_what_a_derivation_looks_for_is_there(need):
    path = STANDARD / "sdtm" / f"{need['domain'].lower()}.yaml"
    qualifiers = CT.loc[CT["codelist"].isin([f"SUPP{need['domain']}", "SUPPDM"]), "submission"]
    known = {*(name for spec in load_datasets("sdtm", path) for name in spec.names), *qualifiers}
    clause = clauses.read(need["where"]) if need["where"] else None
    comparisons = clause.comparisons if clause else []
    literals = [one for c in comparisons for one in (c.right if isinstance(c.right, tuple) else (c.right,))]

    assert set(clause.names if clause else ()) <= known
    assert [one for one in literals if not any(f'"{one}"' in text for text in LOOKED_FOR)] == []
