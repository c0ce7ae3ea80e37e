"""The files of a new study's folder."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click

from pipeline.ground.faults import TrialError
from pipeline.new_study import texts
from pipeline.new_study.dictionary import Dictionary, DictionaryField, read_dictionary, told_columns
from pipeline.new_study.eligibility import FILE as ELIGIBILITY
from pipeline.new_study.eligibility import criteria_of, eligibility_text
from pipeline.new_study.from_sdtm import files_of
from pipeline.new_study.lists import codelist_text, collected_lists, in_english, lists_beside, yes_values
from pipeline.new_study.outputs import catalogue, collected, endpoints, without_refused
from pipeline.new_study.project import begin, project_at
from pipeline.new_study.settled import TESTS, Refusal, settled
from pipeline.new_study.sheets import mapping_sheets, roster, standard_known
from pipeline.new_study.system import OF_UNITS, Carried, system_of
from pipeline.new_study.texts import flow
from pipeline.new_study.visits import visit_rows
from pipeline.study.catalogue import FILE as CATALOGUE
from pipeline.study.decisions import load_decisions

Errors = Callable[[Path, str], Sequence[Refusal]]
ROUNDS = 3
LIMITED = "limited"  # how a table of tests says that a result may be "<10"


class Sources(NamedTuple):
    """The files a new study is laid out from, as the user named them; '' for none."""

    dictionary: str = ""
    codelists: str = ""
    visits: str = ""
    extract: str = ""
    columns: str = ""
    sdtm: str = ""


def run(name: str, root: str, update: bool, errors: Errors, **named: str) -> None:
    """Lay out specs/NAME, or bring a newer dictionary into it; say what was made, what is open and what was not read.

    `errors` is what lint says of the folder: what it refuses goes open. Raises TrialError; writes nothing then.
    """
    project, said = project_at(root), Sources(**named)
    home, known = project.home, project.known
    target = home / "specs" / name
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == "standard":
        raise TrialError(f"'{name}' cannot be a study's folder.", "", "small letters, digits and _, as in my_trial")
    if target.exists() and not update:
        cure = "say another name, --update to bring a newer dictionary into it, or remove the folder to begin anew"
        raise TrialError("A study of that name is there already.", str(target), cure)
    if update and not (target / "study.yaml").is_file():
        raise TrialError("There is no study to bring up to date.", str(target), "leave --update away")
    told = told_columns(said.columns)
    dictionary = read_dictionary(Path(said.dictionary), told) if said.dictionary else Dictionary()
    files = files_of(known, Path(said.sdtm)) if said.sdtm else _files(known, name, dictionary.fields, said)
    if update:
        from pipeline.new_study.update import updated

        changed, words = updated(target, files)
        _write(target, changed)
        click.echo("\n".join([f"Brought {target} up to date: {len(changed)} files changed", *words]))
    else:
        click.echo("\n".join(begin(home, name)) if project.fresh else "", nl=project.fresh)
        _write(target, files)
        for _ in range(ROUNDS):  # a row that goes may leave another alone
            changed = _settled(files, f"specs/{name}", errors(home, name))
            _write(target, changed)
            files = {path: text for path, text in (files | changed).items() if text}
            if not changed:
                break
        _say(target, files, dictionary, said.sdtm)
    for line in _unread(dictionary):
        click.echo(line)


def _settled(files: Mapping[str, str], folder: str, refused: Sequence[Refusal]) -> dict[str, str]:
    """The files that change when what is refused of rows and of outputs goes open."""
    listed = without_refused(files[CATALOGUE], folder, refused)
    return settled(files, folder, refused) | ({CATALOGUE: listed} if listed != files[CATALOGUE] else {})


def _write(target: Path, files: Mapping[str, str]) -> None:
    """Each file whole: written beside its place and moved into it; one without a text is taken away."""
    for path, text in files.items():
        if not text:
            (target / path).unlink()
            continue
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        beside = (target / path).with_name(f".{Path(path).name}")
        beside.write_bytes(text.encode("utf-8"))
        beside.replace(target / path)


def _say(target: Path, files: Mapping[str, str], dictionary: Dictionary, sdtm: str) -> None:
    """What was made and what is open."""
    rows = [line for path, text in files.items() if path.startswith("mapping/") for line in text.splitlines()[1:]]
    opened = sum(line.startswith(",OPEN,") for line in rows)
    marks = sum(text.count("OPEN:") for text in files.values())
    forms = len({f.form for f in dictionary.fields})
    of = f"from {sdtm}" if sdtm else f"{forms} forms, {len(dictionary.fields)} fields"
    click.echo(f"Made {target}: {len(files)} files, {of}")
    click.echo(f"  mapping   {len(rows) - opened} rows proposed, {opened} fields open")
    click.echo(f"  to decide {marks} points marked OPEN: in the YAML files")
    if sdtm:
        click.echo(f"  next      trial build --study {target.name} --sdtm {sdtm}")
        return
    click.echo(
        f"  next      trial lint-specs {target.name}, then put an extract under data/{target.name} and "
        f"trial build --study {target.name}"
    )


def _unread(dictionary: Dictionary) -> list[str]:
    """What of the dictionary nobody read."""
    lines = []
    if dictionary.unread:
        lines.append(f"  not read  columns {', '.join(dictionary.unread)} (tell one by --columns label=NAME)")
    if dictionary.lines:
        shown = ", ".join(map(str, dictionary.lines[:10])) + (" ..." if len(dictionary.lines) > 10 else "")
        lines.append(f"  not read  {len(dictionary.lines)} lines without form or field: line {shown}")
    return lines


def _files(root: Path, name: str, fields: tuple[DictionaryField, ...], said: Sources) -> dict[str, str]:
    """Every file by its path inside the study's folder."""
    standard = root / "specs" / "standard"
    lists = collected_lists(fields, lists_beside(said.dictionary, said.codelists))
    system = system_of(said.extract, fields, lists)
    fields = tuple(_as_delivered(f, system) for f in fields)
    english = in_english(said.dictionary, said.codelists)
    criteria = {name: criteria_of(lists, name) for name in dict.fromkeys(row[0] for row in lists)}
    known = replace(standard_known(standard), yes=yes_values(lists), english=english, criteria=criteria)
    forms = {form: [f for f in fields if f.form == form] for form in dict.fromkeys(f.form for f in fields)}
    sheets = mapping_sheets(forms, system, known)
    lacking = [d for d in known.domains if d != "dm" and f"mapping/{d}.csv" not in sheets]
    dated, told_of = (_date_field(forms, "death"), _date_field(forms, "consent")), collected(sheets)
    files = {
        "study.yaml": texts.study(name, roster(forms, known), *dated, lacking, endpoints(standard, told_of)),
        "decisions.yaml": texts.decisions(load_decisions(standard, standard / "nowhere")),
        "visits.csv": "\n".join(visit_rows(said.dictionary, said.visits, system.folders)) + "\n",
        "raw/_codelists.csv": codelist_text(lists),
        "raw/_system.yaml": texts.system(system),
        "tlf/t_1.yaml": texts.FIRST_OUTPUT,
        CATALOGUE: catalogue(standard, told_of),
    }
    told = eligibility_text(fields, criteria, sheets)
    files |= {ELIGIBILITY: told} if told else {}
    results = _results(sheets)
    for form, own in forms.items():
        read = [replace(f, type="result") if (form, f.name) in results else f for f in own]
        files[f"raw/{form.lower()}.yaml"] = contract(read, system)
    return files | sheets


def _results(sheets: Mapping[str, str]) -> set[tuple[str, str]]:
    """Form and field of the tests whose results may lie beyond a limit ("<10"), as those of laboratories do."""
    tables = [csv.DictReader(io.StringIO(text)) for path, text in sheets.items() if path.endswith(TESTS)]
    return {(row["form"], row["field"]) for table in tables for row in table if row["result"] == LIMITED}


def _as_delivered(field: DictionaryField, system: Carried) -> DictionaryField:
    """A field with the column and the unit that the example extract showed for it."""
    name = f"{field.form}.{field.name}"
    unit = f"{field.name}{OF_UNITS}" if name in system.units else field.unit_field
    return replace(field, column=system.columns.get(name, field.column), unit_field=unit)


def contract(fields: list[DictionaryField], system: Carried) -> str:
    """One raw contract."""
    first, edc = fields[0], bool(system.carried) and not fields[0].vendor
    subject = system.subject(fields)
    own = [f for f in fields if not (edc and f.name in system.carried)]
    lines = [f"form: {first.form}", f"label: {quoted(first.form_label)}"]
    file = first.file or system.files.get(first.form, "") or ("" if first.sheet else f"{first.form}.csv")
    lines += [f"file: {quoted(file)}"] if file else []
    lines += [f"sheet: {quoted(first.sheet)}"] if first.sheet and not first.file else []
    lines += [] if edc else ["system: false"]
    lines += ["need: supportive  # OPEN: essential when no analysis is possible without this form"]
    known = {f.name for f in fields} | set(system.carried if edc else ())
    mark = "" if subject in known else "  # OPEN: which column holds the subject?"
    nobody = first.form in system.of_nobody  # reference ranges: mapping/reference_ranges.csv takes them
    lines += ["subject: none" if nobody else f"subject: {{column: {subject}}}{mark}"]
    record = next((name for name in system.records if name in known), "")
    key = [record] if record else [subject, *_dated(fields, subject)]
    mark = "" if record else "  # OPEN: which columns name one record?"
    lines += [f"record: [{', '.join(key)}]{mark}", f"unique: [{', '.join(key)}]"]
    way = system.coded.get(first.form, {})
    lines += [f"coded: {flow(way)}"] if edc and way and way != system.usual_codes else []
    lines += [f"date_format: {_date_format(fields)}", f"repeating: {str(first.repeating).lower()}", "fields:"]
    return "\n".join([*lines, *(entry(f, bool(edc and way)) for f in own)]) + "\n"


def _date_format(fields: list[DictionaryField]) -> str:
    """How the dictionary says that dates are written; else ISO of vendors and workbooks, DD MON YYYY of an EDC."""
    orders = {f.dates for f in fields if f.dates}
    if len(orders) == 1:
        return {"DMY": "DD/MM/YYYY", "MDY": "MM/DD/YYYY"}[orders.pop()]
    return "ISO" if fields[0].vendor or fields[0].sheet else "DD MON YYYY"


def _dated(fields: list[DictionaryField], subject: str) -> list[str]:
    """What tells records of a subject apart: the first date, else the first coded field or number."""
    for kinds in (("date",), ("coded", "integer")):
        names = [f.name for f in fields if f.type in kinds and f.name != subject]
        if names and (kinds == ("date",) or fields[0].repeating):
            return names[:1]
    return []


def entry(field: DictionaryField, paired: bool) -> str:
    """The lines of a field and its unit in a raw contract; `paired` where it is known how codes and labels come."""
    words = [f"column: {quoted(field.column)}"] if field.column else []
    words += [f"label: {quoted(field.label)}", f"type: {field.type}"]
    words += [f"codelist: {field.codelist}"] if field.codelist else []
    words += ["companion: false"] if field.type == "coded" and not paired else []
    words += [f"unit: {quoted(field.unit)}"] if field.unit else []
    words += ["partial: true"] if field.partial else []
    words += ["required: true"] if field.required else []
    words += [f"since: {quoted(field.version)}"] if _later(field.version) else []
    lines = [f"  {field.name}: {{{', '.join(words)}}}"]
    if field.unit_field:
        column = f"column: {quoted(field.column + OF_UNITS)}, " if field.column else ""
        lines.append(f"  {field.unit_field}: {{{column}label: {quoted(f'Unit of {field.label}')}, type: text}}")
    return "\n".join(lines)


def _later(version: str) -> bool:
    """True where a field came with a later version of the CRF than the first."""
    return bool(version) and re.split(r"[,; ]+", version)[0] not in ("1.0", "1", "all", "ALL")


def quoted(text: str) -> str:
    """A YAML text; quoted as soon as it could be read as anything else."""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9 _/.-]*[A-Za-z0-9]", text) else json.dumps(text, ensure_ascii=False)


def _date_field(forms: Mapping[str, list[DictionaryField]], word: str) -> str:
    """FORM.FIELD of the first date whose label or form speaks of it."""
    dated = [f for own in forms.values() for f in own if f.type == "date"]
    spoken = [f for f in dated if word in f.label.casefold()] + [f for f in dated if word in f.form_label.casefold()]
    return f"{spoken[0].form}.{spoken[0].name}" if spoken else ""
