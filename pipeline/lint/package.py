"""Terminology against the package of CDISC terms that the study names (`standards: {sdtmct: …}`), else the newest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, WARNING, Document, Grid, Problem, read_grid

TERMINOLOGY = Path("specs") / "standard" / "terminology"
TERMS = TERMINOLOGY / "codelists.csv"
PACKAGE, OF_ANALYSIS = "sdtmct-", "adamct"


def check_package(root: Path, study: Document, own: Grid | None) -> Iterator[Problem]:
    """Problems of the package named, and of lists of standard and study that say otherwise than the package."""
    yield from _told_of_analysis(root, study)
    known = [path.stem.removeprefix(PACKAGE) for path in sorted((root / TERMINOLOGY).glob(f"{PACKAGE}*.csv"))]
    named = study.content.get("standards", {}).get("sdtmct", "")
    version = named or (known[-1] if known else "")
    if not version:
        return
    name = TERMINOLOGY / f"{PACKAGE}{version}.csv"
    if not (root / name).exists():
        what = f"the terms of CDISC of {version} are not told by {name}"
        yield study.problem(("standards", "sdtmct"), ERROR, what, did_you_mean(version, known))
        return
    package, standard = read_grid(root / name, str(name)), read_grid(root / TERMS, str(TERMS))
    extensible = {row["codelist"]: row["extensible"] for _, row in package.rows} if isinstance(package, Grid) else {}
    for grid in (standard, own) if named else ():
        if isinstance(grid, Grid) and not grid.lacks("codelist", "extensible", "submission", "code"):
            yield from _otherwise(grid, extensible, version)
    if isinstance(own, Grid) and isinstance(standard, Grid) and not own.lacks("codelist", "submission", "code"):
        yield from _misspelt(own, standard, extensible)


def _told_of_analysis(root: Path, study: Document) -> Iterator[Problem]:
    """A version of the terminology of ADaM that no file tells."""
    version = study.content.get("standards", {}).get(OF_ANALYSIS, "")
    name = TERMINOLOGY / f"{OF_ANALYSIS}-{version}.csv"
    if version and not (root / name).exists():
        files = sorted((root / TERMINOLOGY).glob(f"{OF_ANALYSIS}-*.csv"))
        known = [path.stem.removeprefix(f"{OF_ANALYSIS}-") for path in files]
        what = f"the terms of CDISC of {version} are not told by {name}"
        yield study.problem(("standards", OF_ANALYSIS), ERROR, what, did_you_mean(version, known))


def _misspelt(own: Grid, standard: Grid, extensible: dict[str, str]) -> Iterator[Problem]:
    """Submission values of a list that CDISC closed under the code of another value of it."""
    meant = {(row["codelist"], row["code"]): row["submission"] for _, row in standard.rows if row["code"]}
    for line, row in own.rows:
        right = meant.get((row["codelist"], row["code"]), "") if extensible.get(row["codelist"]) == "N" else ""
        if right and right != row["submission"]:
            what = f"{row['code']} is {right} in CDISC's {row['codelist']}, not '{row['submission']}'"
            yield own.problem(line, "submission", ERROR, what, f"write {right}")


def _otherwise(grid: Grid, extensible: dict[str, str], version: str) -> Iterator[Problem]:
    for line, row in grid.rows:
        codelist, told = row["codelist"], extensible.get(row["codelist"], "")
        if told and row["extensible"] != told:
            may = "extensible" if told == "Y" else "not extensible"
            what = f"the codelist {codelist} is {may} in CDISC's {version}"
            yield grid.problem(line, "extensible", WARNING, what, f"write {told}")
        elif told == "N" and not row["code"]:
            what = f"{row['submission']} has no NCI code, and CDISC's {codelist} is not extensible"
            yield grid.problem(line, "code", WARNING, what, "give its code, or take a term of the list")
