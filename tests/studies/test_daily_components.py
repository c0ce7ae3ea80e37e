"""Daily components of CRS and ICANS stand under the category under which the daily grades look for them."""

import csv
from pathlib import Path

import pytest

from adam.toxicity.daily_grades import CRS_ITEMS, ICANS_ITEMS

SPECS = Path(__file__).parents[2] / "specs"
CATEGORY = dict.fromkeys(CRS_ITEMS, "CRS ASSESSMENT") | dict.fromkeys(ICANS_ITEMS, "ICANS ASSESSMENT")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("mapping", sorted(SPECS.glob("*/mapping/fa_tests.csv")), ids=lambda path: path.parts[-3])
def test_each_component_is_of_the_category_of_its_syndrome(mapping):
    named = {(row["form"], row["block"]): row["source"] for row in rows(mapping.with_name("fa.csv"))
             if row["target"] == "FACAT"}  # fmt: skip
    found = {(row["form"], row["test"]): named.get((row["form"], row["test"]), named.get((row["form"], "*")))
             for row in rows(mapping) if row["test"] in CATEGORY}  # fmt: skip
    assert found == {(form, test): CATEGORY[test] for form, test in found}
