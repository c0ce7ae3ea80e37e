"""The files of a new study's folder."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.new_study import texts
from pipeline.new_study.dictionary import DictionaryField, read_dictionary, read_rows
from pipeline.new_study.proposals import ProposedRow, ProposedTest, domain_of, rows_of_form
from pipeline.new_study.visits import visit_rows
from pipeline.study import shapes
from pipeline.study.catalogue import FILE as CATALOGUE
from pipeline.study.catalogue import load_shells
from pipeline.study.datasets import dataset_spec
from pipeline.study.decisions import load_decisions
from pipeline.study.specs import find_root

SUBJECTS = (
    "SUBJECT",
    "SUBJID",
    "SUBJECTID",
    "USUBJID",
    "PATIENT",
    "PATIENTID",
    "PATIENT_ID",
    "PATID",
    "SUBJ",
    "SITE_SUBJ",
)
HEADER = ("form", "block", "target", "rule", "source", "where")
TERM_HEADER = ("codelist", "extensible", "collected", "submission", "code", "label")


def run(name: str, dictionary: str, codelists: str, visits: str, extract: str, root: str) -> None:
    """Lay out specs/NAME and say what was made and what is open. Raises TrialError; writes nothing then."""
    home = find_root(Path(root) if root else None)
    target = home / "specs" / name
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == "standard":
        raise TrialError(f"'{name}' cannot be a study's folder.", "", "small letters, digits and _, as in my_trial")
    if target.exists():
        raise TrialError("A study of that name is there already.", str(target), "say another name")
    fields = read_dictionary(Path(dictionary)) if dictionary else []
    files = _files(home, name, fields, _lists(dictionary, codelists), visit_rows(dictionary, visits), extract)
    for path, text in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(text.encode("utf-8"))
    rows = [line for path, text in files.items() if path.startswith("mapping/") for line in text.splitlines()[1:]]
    opened = sum(line.startswith(",OPEN,") for line in rows)
    marks = sum(text.count("OPEN:") for text in files.values())
    forms = len({f.form for f in fields})
    click.echo(f"Made {target}: {len(files)} files, {forms} forms, {len(fields)} fields")
    click.echo(f"  mapping   {len(rows) - opened} rows proposed, {opened} fields open")
    click.echo(f"  to decide {marks} points marked OPEN: in the YAML files")
    click.echo(
        f"  next      trial lint-specs {name}, then put an extract under data/{name} and trial build --study {name}"
    )


def _files(
    root: Path, name: str, fields: list[DictionaryField], lists: list[dict[str, str]], visits: list[str], extract: str
) -> dict[str, str]:
    """Every file by its path inside the study's folder."""
    standard = root / "specs" / "standard"
    forms = {form: [f for f in fields if f.form == form] for form in dict.fromkeys(f.form for f in fields)}
    carried = carried_columns(extract, fields)
    subjects = {form: _subject(own, carried) for form, own in forms.items()}
    paths = sorted((standard / "sdtm").glob("??.yaml"))
    domains = {path.stem: dataset_spec(shapes.load(path, shapes.DATASET)) for path in paths}
    decisions = load_decisions(standard, standard / "nowhere")
    chosen = {form: domain_of(form, own[0].form_label, domains) for form, own in forms.items()}
    sheets = _sheets(forms, chosen, domains, subjects, carried, standard)
    lacking = [d for d in domains if d != "dm" and f"mapping/{d}.csv" not in sheets]
    dated = (_date_field(forms, "death"), _date_field(forms, "consent"))
    shells = {name: shell.takes for name, shell in load_shells(standard).items()}
    files = {
        "study.yaml": texts.study(name, _roster(chosen), *dated, lacking),
        "decisions.yaml": texts.decisions(decisions),
        "visits.csv": "\n".join(visits) + "\n",
        "raw/_codelists.csv": _codelist_text(fields, lists),
        "raw/_system.yaml": texts.system(carried),
        "tlf/t_1.yaml": texts.FIRST_OUTPUT,
        CATALOGUE: texts.catalogue(shells),
    }
    for form, own in forms.items():
        files[f"raw/{form.lower()}.yaml"] = contract(own, subjects[form], carried)
    return files | sheets


def contract(fields: list[DictionaryField], subject: str, carried: tuple[str, ...]) -> str:
    """One raw contract."""
    first, edc = fields[0], bool(carried) and not fields[0].vendor
    lines = [f"form: {first.form}", f"label: {_quoted(first.form_label)}"]
    lines += [f"sheet: {_quoted(first.sheet)}" if first.sheet else f"file: {first.form}.csv"]
    lines += [] if edc else ["system: false"]
    lines += ["need: supportive  # OPEN: essential when no analysis is possible without this form"]
    known = {f.name for f in fields} | set(carried if edc else ())
    mark = "" if subject in known else "  # OPEN: which column holds the subject?"
    lines += [f"subject: {{column: {subject}}}{mark}"]
    key = ["RECORDID"] if "RECORDID" in known else [subject, *_dated(fields, subject)]
    mark = "" if key == ["RECORDID"] else "  # OPEN: which columns name one record?"
    lines += [f"record: [{', '.join(key)}]{mark}", f"unique: [{', '.join(key)}]"]
    lines += ["date_format: ISO" if first.vendor or first.sheet else "date_format: DD MON YYYY"]
    lines += [f"repeating: {str(first.repeating).lower()}", "fields:"]
    return "\n".join([*lines, *(_entry(f, edc) for f in fields)]) + "\n"


def _dated(fields: list[DictionaryField], subject: str) -> list[str]:
    """What tells records of a subject apart: the first date, else the first coded field or number."""
    for kinds in (("date",), ("coded", "integer")):
        names = [f.name for f in fields if f.type in kinds and f.name != subject]
        if names and (kinds == ("date",) or fields[0].repeating):
            return names[:1]
    return []


def _entry(field: DictionaryField, edc: bool) -> str:
    words = [f"column: {_quoted(field.column)}"] if field.column else []
    words += [f"label: {_quoted(field.label)}", f"type: {field.type}"]
    words += [f"codelist: {field.codelist}"] if field.codelist else []
    words += ["companion: false"] if field.type == "coded" and not edc else []
    words += [f"unit: {_quoted(field.unit)}"] if field.unit else []
    words += ["partial: true"] if field.partial else []
    words += ["required: true"] if field.required else []
    words += [f"since: {_quoted(field.version)}"] if field.version not in ("", "1.0", "1") else []
    return f"  {field.name}: {{{', '.join(words)}}}"


def _quoted(text: str) -> str:
    """A YAML text; quoted as soon as it could be read as anything else."""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9 _/.-]*[A-Za-z0-9]", text) else json.dumps(text, ensure_ascii=False)


def _sheets(
    forms: dict[str, list[DictionaryField]],
    chosen: dict[str, str],
    domains: Mapping[str, DatasetSpec],
    subjects: dict[str, str],
    carried: tuple[str, ...],
    standard: Path,
) -> dict[str, str]:
    """The mapping sheets and tables of tests; fields of a form that no domain was found for stand open in fa.csv.

    A unit that the terminology does not have is added to the study's codelists.csv.
    """
    codes = read_rows(standard / "terminology" / "codelists.csv", "terminology")
    rows: dict[str, list[ProposedRow]] = {}
    tests: dict[str, list[ProposedTest]] = {}
    terms: list[tuple[str, ...]] = []
    for form, own in forms.items():
        domain = chosen[form] or "fa"
        variables = domains[domain].by_name
        known = _submissions(codes, variables.get(f"{domain.upper()}TESTCD"))
        made, measured = rows_of_form(own, domain, domains[domain], known, subjects[form], carried)
        rows.setdefault(domain, []).extend(made)
        tests.setdefault(domain, []).extend(measured)
        terms += _new_units(codes, variables.get(f"{domain.upper()}STRESU"), measured)
    sheets = {f"mapping/{domain}.csv": _csv([HEADER, *made]) for domain, made in rows.items()}
    tables = {f"mapping/{domain}_tests.csv": _csv([ProposedTest._fields, *own]) for domain, own in tests.items() if own}
    return sheets | tables | {"codelists.csv": _csv([TERM_HEADER, *dict.fromkeys(terms)])}


def _submissions(codes: list[dict[str, str]], variable: Variable | None) -> set[str]:
    """The submission values of a variable's codelist."""
    return {row["SUBMISSION"] for row in codes if variable and row["CODELIST"] == variable.codelist}


def _new_units(
    codes: list[dict[str, str]], variable: Variable | None, tests: list[ProposedTest]
) -> list[tuple[str, ...]]:
    """Rows of codelists.csv for units of the dictionary that the terminology does not have."""
    known = _submissions(codes, variable)
    units = [test.unit for test in tests if test.unit and test.unit not in known]
    return [(variable.codelist, "Y", "", unit, "", "") for unit in units] if variable and variable.codelist else []


def _csv(rows: list[Any]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _roster(chosen: dict[str, str]) -> str:
    return next((form for form, domain in chosen.items() if domain == "dm"), next(iter(chosen), ""))


def _date_field(forms: dict[str, list[DictionaryField]], word: str) -> str:
    """FORM.FIELD of the first date whose label or form speaks of it."""
    for form, own in forms.items():
        for field in [f for f in own if f.type == "date"]:
            if word in field.label.casefold() or word in field.form_label.casefold():
                return f"{form}.{field.name}"
    return ""


def _subject(fields: list[DictionaryField], carried: tuple[str, ...]) -> str:
    names = [f.name for f in fields] + ([] if fields[0].vendor else list(carried))
    return next((n for n in SUBJECTS if n in names), "SUBJECT")


def carried_columns(extract: str, fields: list[DictionaryField]) -> tuple[str, ...]:
    """The columns that all forms of an example extract carry and the dictionary does not name."""
    if not extract:
        return ()
    from pipeline.intake.delivery import open_delivery

    delivery = open_delivery(Path(extract).resolve())
    named = {f"{f.form}.csv": {f.name for f in fields if f.form == f.form} for f in fields if not f.vendor}
    headers = [delivery.read(file).header for file in delivery.hashes if file in named]
    known = {f.name for f in fields} | {f"{f.name}_STD" for f in fields}
    shared = set.intersection(*map(set, headers)) if headers else set()
    return tuple(name for name in (headers[0] if headers else []) if name in shared and name not in known)


def _lists(dictionary: str, codelists: str) -> list[dict[str, str]]:
    path = Path(codelists) if codelists else Path(dictionary).with_name("codelists.csv") if dictionary else None
    return read_rows(path, "file of codelists") if path and (codelists or path.is_file()) else []


def _codelist_text(fields: list[DictionaryField], lists: list[dict[str, str]]) -> str:
    """The collected codelists: as delivered, and Yes/No; the lists that nobody described have one open value."""
    names = ("CODELIST", "CODED_VALUE", "DECODE")
    rows = [[row.get(n, "") for n in names] for row in lists]
    known = {row[0] for row in rows}
    wanted = dict.fromkeys(f.codelist for f in fields if f.codelist)
    for name in [n for n in wanted if n not in known]:
        yes_no = name == "NY"
        rows += [[name, "Y", "Yes"], [name, "N", "No"]] if yes_no else [[name, "OPEN", "OPEN"]]
    return _csv([names, *rows])
