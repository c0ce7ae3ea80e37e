"""The parts of the manual that list what the standard has: variables and parameters of its datasets, and its terms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.words import some_of
from pipeline.manual.markdown import code, table
from pipeline.study.csv_text import load_table
from pipeline.study.datasets import load_datasets

MOST = 16  # submission values of a list that are shown; the file has all


def standard_datasets(root: Path, layer: str, intermediate: bool = False) -> Iterator[DatasetSpec]:
    """The datasets of a layer that the standard has: those that somebody is handed, or the steps on the way."""
    for path in sorted((root / "specs" / "standard" / layer).glob("*.yaml")):
        yield from (spec for spec in load_datasets(layer, path) if spec.intermediate == intermediate)


def of_domains(root: Path, name: str) -> str:
    """Every SDTM domain with the variables that a mapping sheet may fill."""
    parts = []
    for spec in standard_datasets(root, "sdtm"):
        told = [one for one in spec.variables if _mapped(one, spec.dataset)]
        lines = [(code(one.name), one.label, one.core, code(one.codelist)) for one in told]
        if lines and not spec.name.startswith("supp"):
            parts += [f"### {spec.dataset}: {spec.label}", table(("Target", "Label", "Core", "Codelist"), lines)]
    return "\n\n".join(parts)


def _mapped(one: Variable, domain: str) -> bool:
    """A variable is mapped unless the program makes it of what it knows."""
    made = ("STUDYID", "DOMAIN", "USUBJID", "SUBJID", f"{domain}TEST")
    return one.origin != "Derived" and one.name not in made


def of_datasets(root: Path, name: str) -> str:
    """Every ADaM dataset (`steps`: those on the way): what a record is, its variables and its parameters."""
    parts = []
    for spec in standard_datasets(root, "adam", intermediate=name == "steps"):
        parts += [f"### {spec.dataset}: {spec.label}", f"{spec.structure}; `of: {spec.name}`."]
        if spec.parameters:
            lines = [(code(one.code), one.label, one.derivation) for one in spec.parameters]
            parts.append(table(("PARAMCD", "Parameter", "How"), lines))
        told = [(code(one.name), one.label, one.type, _how(one)) for one in spec.variables]
        parts.append(table(("Variable", "Label", "Type", "How"), told))
    return "\n\n".join(parts)


def _how(one: Variable) -> str:
    return one.derivation or (f"As {one.source}." if one.source else one.comment)


def of_terms(root: Path, name: str) -> str:
    """Every codelist of the standard with its submission values."""
    ct = load_table(root / "specs" / "standard" / "terminology" / "codelists.csv")
    lines = []
    for codelist, rows in ct.groupby("codelist", sort=True):
        values = list(dict.fromkeys(rows["submission"]))
        closed = "may be added to" if rows["extensible"].iloc[0] == "Y" else "closed"
        lines.append((code(str(codelist)), closed, some_of(list(map(code, values)), MOST)))
    return table(("Codelist", "", "Submission values"), lines)
