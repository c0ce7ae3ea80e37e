"""The unit that an output of the catalogue prints is the one to which units.csv converts its test."""

from pathlib import Path

import pytest
from read_once import specs_of

from pipeline.lint.shown_units import check_shown_units

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("entry", "told"), [
    ("shell: by_visit, tests: Neutrophils, unit: 10^9/L, dataset: adlb, where: 'PARAMCD == \"NEUT\"'", []),
    ("shell: by_visit, tests: Neutrophils, unit: /uL, dataset: adlb, where: 'PARAMCD == \"NEUT\"'",
     ["T-1 prints /uL, the values of NEUT are in 10^9/L"]),
    ("shell: laboratory_course, test: HGB, name: Haemoglobin, unit: g/dL",
     ["T-1 prints g/dL, the values of HGB are in g/L"]),
    ("shell: by_visit, tests: Temperature, unit: F, dataset: advs, where: 'PARAMCD == \"TEMP\"'",
     ["T-1 prints F, the values of TEMP are in C"]),
    ("shell: by_visit, tests: Own, unit: points, dataset: adlb, where: 'PARAMCD == \"OWN\"'", []),
    ("shell: exposure", []),
])  # fmt: skip
def test_an_entry_prints_the_unit_of_its_values(tmp_path, entry, told):
    specs = specs_of("iomab_act")
    (tmp_path / "catalogue.yaml").write_text(f"- {{output: T-1, {entry}, columns: [TOTAL]}}\n", encoding="utf-8")
    study = type("Study", (), {"folder": tmp_path, "tables": specs.tables, "table_files": specs.table_files})

    found = list(check_shown_units(tmp_path, study, None))

    assert [problem.what for problem in found] == told
    assert all((problem.file, problem.line) == ("catalogue.yaml", 1) for problem in found)
