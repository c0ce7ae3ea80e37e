"""A study's files on datasets, with what a sponsor's workbook says otherwise; and its sheets, kept beside the specs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.plain_csv import as_written, rows_text
from pipeline.publish.specification.problems import SpecProblem
from pipeline.publish.specification.sheets import DATASETS, VALUES, VARIABLES, SpecSheet, column_of, kind_of
from pipeline.publish.specification.taken import OwnWords
from pipeline.study.csv_text import load_table
from pipeline.study.yaml_text import load_yaml

FOLDER, LIST = "specification", "sheets.csv"
COMMENT, DERIVATION = "comment", "derivation"


def overlays(
    words: Mapping[str, OwnWords], datasets: Mapping[str, DatasetSpec], folder: Path
) -> tuple[dict[Path, str], list[SpecProblem]]:
    """The study's files as they are to be, by path; and what cannot be said there."""
    files, told = {}, []
    for dataset, own in sorted(words.items()):
        spec = datasets[dataset.lower()]
        content, lost = _content(own, spec)
        told += lost
        path = folder / spec.layer / f"{spec.name}.yaml"
        if not content:
            continue
        if path.is_file() and "#" in path.read_text(encoding="utf-8"):
            what = f"{path.name} has remarks of its own, it is not rewritten"
            told.append(SpecProblem(DATASETS, 0, dataset, what, f"write it there by hand: {_text(content)}"))
            continue
        files[path] = _text(_laid(load_yaml(path) if path.is_file() else {}, content))
    return files, told


def _content(own: OwnWords, spec: DatasetSpec) -> tuple[dict, list[SpecProblem]]:
    """What a file of the study says, and the variables and parameters that are no lines of the dataset's spec."""
    said = spec.said.get("variables", []) if isinstance(spec.said, Mapping) else []
    variables, parameters = {one["name"] for one in said}, {one["code"] for one in spec.said.get("parameters", [])}
    content: dict = dict(own.words)
    listed = [{"name": name} | dict(_worded(spec.by_name[name], words)) for name, words in own.variables.items()
              if name in variables]  # fmt: skip
    coded = [{"code": code} | words for code, words in own.parameters.items() if code in parameters]
    content |= ({"variables": listed} if listed else {}) | ({"parameters": coded} if coded else {})
    told = [_elsewhere(VARIABLES, f"{spec.dataset}.{name}", words) for name, words in own.variables.items()
            if name not in variables]  # fmt: skip
    told += [_elsewhere(VALUES, f"{spec.dataset} {code}", words) for code, words in own.parameters.items()
             if code not in parameters]  # fmt: skip
    return content, told


def _elsewhere(sheet: str, place: str, words: Mapping[str, str]) -> SpecProblem:
    what = f"says another {' and '.join(words)} than the study, where it is no line of the dataset's spec"
    return SpecProblem(
        sheet, 0, place, what, "say it where it is made: ADSL, endpoints, toxicities, the standard's specs"
    )


def _worded(variable: Variable, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The words of a variable; a remark stands where its spec has one: of what nobody derives, its derivation."""
    for word, text in words.items():
        remark = word == COMMENT and variable.origin != "Derived" and variable.derivation and not variable.comment
        yield (DERIVATION if remark else word), text


def _laid(before: dict, content: Mapping) -> dict:
    """The words of a file with further ones over them; entries of a list by their name."""
    after = dict(before)
    for word, part in content.items():
        if not isinstance(part, list):
            after[word] = part
            continue
        key = "name" if word == "variables" else "code"
        new = {one[key]: one for one in part}
        kept = [one | new.pop(one[key], {}) for one in before.get(word, [])]
        after[word] = [*kept, *new.values()]
    return after


def _text(content: Mapping) -> str:
    return yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=110)


def kept_files(book: tuple[SpecSheet, ...]) -> dict[str, str]:
    """The sheets as CSV by name of the file; sheets.csv lists them in their order."""
    names = {f"{number:02d}.csv": one for number, one in enumerate(book, start=1)}
    files = {name: rows_text(list(one.columns), [tuple(row) for row in one.rows]) for name, one in names.items()}
    return files | {LIST: rows_text(["file", "sheet"], [(name, one.name) for name, one in names.items()])}


def kept_sheets(folder: Path) -> tuple[SpecSheet, ...]:
    """The sheets that were kept of a sponsor's workbook; none where none was taken in."""
    if not (folder / LIST).is_file():
        return ()
    rows = load_table(folder / LIST).itertuples(index=False)
    return tuple(_kept(folder / str(file), as_written(str(name))) for file, name in rows)


def _kept(path: Path, name: str) -> SpecSheet:
    table, kind = load_table(path).fillna(""), kind_of(name)
    columns = tuple(as_written(str(column)) for column in table)
    known = tuple(column_of(kind, column) for column in columns)
    rows = tuple(tuple(as_written(str(cell)) for cell in row) for row in table.itertuples(index=False))
    return SpecSheet(name, kind, columns, known, rows)
