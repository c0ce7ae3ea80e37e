"""Proposed mapping rows and tests for the fields of a form; what nothing tells is an open row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.ground.metadata import DatasetSpec
from pipeline.new_study.date_parts import joined, parted
from pipeline.new_study.dictionary import DictionaryField
from pipeline.new_study.eligibility import eligibility_rows
from pipeline.new_study.meanings import BLOCK, LEAST, CrfMeaning, field_score, spoken
from pipeline.new_study.proposed import CrfForm, Proposal, ProposedRow, ProposedTest, Vocabulary, spelt

SHARED = 0.6  # of the names of a form
NUMBERS, CODED = ("integer", "decimal"), ("coded",)
DATE, TIME, ONGOING, TEST = "assign_datetime", "time", "ongoing", "test"
OF_RECORDS = ("coded_as",)  # rules that choose records; they have no target
SUPP, CO = "SUPP.", "CO."
ELIGIBILITY = "IE"
RANGES, TEST_OF_RANGE, LIMITS_OF_RANGE = "reference_ranges", "LBTESTCD", ("LBORNRLO", "LBORNRHI")
OF_RANGE = (TEST_OF_RANGE, "LBNAM", "LBSPEC", "SEX", "LBORRESU", *LIMITS_OF_RANGE)
REPEATS = ("FOLDERSEQ", "VISITSEQ", "EVENTREPEAT", "INSTANCE", "REPEATNUMBER")


def propose(form: CrfForm, known: Vocabulary) -> Proposal:
    """Rows and tests of one form: by the table of meanings, by the tests of its domain; the rest stands open.

    A form of which a required variable stays empty is open as a whole; one that no domain was found for stands in fa.
    """
    collected, form = form.fields, replace(form, fields=joined(form.fields))
    kind = known.meanings.kind_of(form.name, form.label, collected)
    proposal = _ranges(form, known) if form.of_nobody else _criteria(form, known, kind)
    lacking: dict[str, list[str]] = {}
    for part in (kind.domain.split() if kind and not form.of_nobody else []):
        domain, _, block = part.lower().partition(BLOCK)
        spec = known.domains[domain]
        rows, tests, used = _of_domain(form, known.meanings.of(kind.kind if kind else "", part), spec, known)
        rows, lacking[spec.dataset] = _completed(parted(rows), form, tests, spec)
        rows = _chosen(rows, form) if block else rows
        if rows and not lacking[spec.dataset] and (used - proposal.used or not proposal.rows):
            proposal.rows.setdefault(domain, []).extend(row._replace(block=row.block or block) for row in rows)
            proposal.tests.setdefault(domain, []).extend(tests)
            proposal.used |= used
    home = kind.domain.lower().split()[0].split(BLOCK)[0] if kind else "fa"
    why = next((f" ({domain} also needs {', '.join(names)})" for domain, names in lacking.items() if names), "")
    why = " (its records name no subject)" if form.of_nobody else why
    proposal.used = {name for one in proposal.used for name in one.split()}
    left = [_open(one, why) for one in collected if one.name not in proposal.used and not one.known_column]
    proposal.rows.setdefault(home, []).extend(left)
    return proposal


def _chosen(rows: list[ProposedRow], form: CrfForm) -> list[ProposedRow]:
    """The rows of one block among others of its form, with one that chooses its records.

    Where no field says Yes or No to it, a record that has the date of the block, else any value of it, is one: without
    a choice each subject would be enrolled and have failed as well.
    """
    if not rows or any(not row.target for row in rows):
        return rows
    names = {one.name: one.type for one in form.fields}
    sources = [word for row in rows for word in row.source.split() if word in names]
    dates = [name for name in sources if names[name] == "date"]
    asked = " ".join(dict.fromkeys(dates or sources))
    return [ProposedRow(form.name, "", "", "answered", asked), *rows] if asked else rows


def _criteria(form: CrfForm, known: Vocabulary, kind: CrfMeaning | None) -> Proposal:
    """The rows of a form of eligibility whose criteria are a coded list; else none."""
    rows = eligibility_rows(form.fields, known.criteria) if kind and kind.kind == ELIGIBILITY else []
    made = [ProposedRow(*row) for row in rows]
    read = {name for row in rows for name in re.findall(r"\w+", f"{row[4]} {row[5].partition('_STD')[0]}")}
    used = {form.subject} | (read & {one.name for one in form.fields})
    made += [row._replace(block="*") for row in _visits(form, known.domains[ELIGIBILITY.lower()], made)] if made else []
    return Proposal(rows={ELIGIBILITY.lower(): made} if made else {}, used=used)


def _ranges(form: CrfForm, known: Vocabulary) -> Proposal:
    """The rows of reference ranges, where a form of no subject has a test and a limit; else none."""
    told = [_of_domain(form, known.meanings.of(domain.upper(), domain.upper()), known.domains[domain], known)[0]
            for domain in ("lb", "dm") if domain in known.domains]  # fmt: skip
    rows = [row._replace(block="") for own in told for row in own if row.target in OF_RANGE]
    if not {TEST_OF_RANGE, *LIMITS_OF_RANGE} <= {row.target for row in rows}:
        return Proposal()
    return Proposal(rows={RANGES: rows}, used={row.source for row in rows})


def _of_domain(
    form: CrfForm, meanings: Sequence[CrfMeaning], spec: DatasetSpec, known: Vocabulary
) -> tuple[list[ProposedRow], list[ProposedTest], set[str]]:
    """The rows and tests of a form for one domain, in the order of the table, and the fields they use."""
    said = {one.target for one in meanings if one.fixed and one.kind not in ("*", spec.dataset)}
    usable = [one for one in meanings if _has(one, spec, known.tests) and (one.fixed or one.target not in said)]
    lost = [one for one in meanings if one.kind not in ("*", spec.dataset) and not _has(one, spec, known.tests)]
    chosen = {one: name for one, name in _matched(form, usable + lost, spec).items() if one not in lost}
    by_target = {one.target: name for one, name in chosen.items()}
    tests = [_test(one, form, name, spec, known) for one, name in chosen.items() if one.rule == TEST]
    used = {*chosen.values()}
    more = _measured(form, used, known.tests.get(spec.dataset, {}), bool({f"{spec.dataset}TESTCD"} & set(by_target)))
    tests += [_test(one, form, name, spec, known) for one, name in more]
    used |= {name for _, name in more}
    mapped = {one: name for one, name in chosen.items() if one.rule not in (TEST, TIME)}
    rows = [_row(one, form, name, by_target, spec, known) for one, name in mapped.items()]
    shared = {one: by_target[one.follows] for one in usable if one.follows and one.follows in by_target}
    rows += [_row(one, form, name, by_target, spec, known) for one, name in shared.items()]
    rows += [_fixed(one, form) for one in usable if one.fixed and (rows or tests)]
    rows += _dose_unit(rows, form, spec, known)
    rows = list({row.target or row.rule: row for row in reversed(rows)}.values())[::-1]
    rows += _visits(form, spec, rows or tests)
    block = "*" if tests else ""
    return [row._replace(block=block) for row in rows], tests, used


def _has(one: CrfMeaning, spec: DatasetSpec, tests: Mapping[str, Mapping[str, str]]) -> bool:
    """True where the domain has the target: a variable that somebody collects, a test, a supplemental qualifier."""
    if one.rule == TEST:
        return one.target in tests.get(spec.dataset, {})
    if one.rule == TIME:  # the clock of a date that the domain has
        return f"{one.target.removesuffix('TIM')}DTC" in spec.by_name
    if not one.target or one.target.startswith((SUPP, CO)):
        return True
    return one.target in spec.by_name and spec.by_name[one.target].origin != "Derived"


def _matched(form: CrfForm, meanings: Sequence[CrfMeaning], spec: DatasetSpec) -> dict[CrfMeaning, str]:
    """Which field each row of the table takes: the best matches first, each target and each field once."""
    starts = (spec.dataset, form.name, _common_prefix(form.fields))
    ranked = sorted(
        ((-field_score(one, meaning, starts), place, number, one.name, meaning)
         for place, meaning in enumerate(meanings) if not meaning.follows and not meaning.fixed
         for number, one in enumerate(form.fields) if one.name != form.subject and _suits(one, meaning, spec)),
        key=lambda match: match[:3],
    )  # fmt: skip
    taken, used, targets = dict[CrfMeaning, str](), set[str](), set[str]()
    for score, _, _, name, meaning in ranked:
        if -score >= LEAST and name not in used and (meaning.target or meaning.rule) not in targets:
            taken[meaning] = name
            used.add(name)
            targets.add(meaning.target or meaning.rule)
    return {one: taken[one] for one in meanings if one in taken}


def _suits(one: DictionaryField, meaning: CrfMeaning, spec: DatasetSpec) -> bool:
    """True where the type of a field allows the target."""
    dated = meaning.rule == DATE or meaning.target == "DXDTC"
    if dated or one.type == "date":
        return dated and (one.type in ("date", "text") or meaning.target == "BRTHDTC")
    if meaning.rule == TIME or one.type == "time":
        return meaning.rule == TIME and one.type in ("time", "text")
    if meaning.target.endswith("DOSTXT") and one.type != "text":
        return False
    if meaning.rule in (ONGOING, *OF_RECORDS):
        return one.type == "coded"
    if meaning.rule == "assign_number":
        return one.type in (*NUMBERS, "result") or not one.typed or one.vendor  # whose dictionaries call all text
    return True


def _measured(form: CrfForm, used: set[str], tests: Mapping[str, str], told: bool) -> list[tuple[CrfMeaning, str]]:
    """Fields that are called as a test of the domain, or labelled as one; none where the form names its test itself."""
    if told:
        return []
    by_label = {spoken(word): code for code, label in tests.items() for word in (code, label)}
    found = []
    for one in form.fields:
        code = one.name if one.name in tests else by_label.get(spoken(one.label), "")
        if code and one.name not in used and (one.type in (*NUMBERS, *CODED) or one.name == code):
            found.append((CrfMeaning("", "", code, TEST, "", (), ()), one.name))
    return found


def _row(
    one: CrfMeaning, form: CrfForm, name: str, by_target: Mapping[str, str], spec: DatasetSpec, known: Vocabulary
) -> ProposedRow:
    """The mapping row of a field: its rule and source; a date takes the time that belongs to it."""
    if one.rule == ONGOING:
        entry = next(f for f in form.fields if f.name == name)
        yes = known.yes.get(entry.codelist, "Yes")
        return ProposedRow(form.name, "", one.target, "hardcode", "ONGOING", f'{name} == "{yes}"')
    source = (one.source or "@").replace("@", name)
    if one.rule == DATE:
        time = by_target.get(one.target.removesuffix("DTC") + "TIM", "")
        source = f"{name} {time}".strip()
    if one.rule == "hardcode":
        source = one.source
    rule = one.rule
    if rule == "lookup" and source.split()[-1] not in known.lists:
        rule, source = "assign", name
    variable = spec.by_name.get(one.target)
    if rule == "assign_ct" and variable is not None and not variable.codelist:
        rule = "assign"
    return ProposedRow(form.name, "", one.target, rule, source)


def _fixed(one: CrfMeaning, form: CrfForm) -> ProposedRow:
    return ProposedRow(form.name, "", one.target, one.rule, one.source)


def _dose_unit(
    rows: Sequence[ProposedRow], form: CrfForm, spec: DatasetSpec, known: Vocabulary
) -> list[ProposedRow]:  # fmt: skip
    """The unit of a dose, where the dictionary says one for all that the terminology knows, and no field holds it."""
    dose, unit = f"{spec.dataset}DOSE", spec.by_name.get(f"{spec.dataset}DOSU")
    source = next((row.source for row in rows if row.target == dose), "")
    said = next((one.unit for one in form.fields if one.name == source and not one.unit_field), "")
    if unit is None or not said or any(row.target == unit.name for row in rows):
        return []
    units = known.spellings.get(unit.codelist, {})
    meant = spelt(said, units)
    return [ProposedRow(form.name, "", unit.name, "hardcode", meant)] if meant in units.values() else []


def _visits(form: CrfForm, spec: DatasetSpec, made: Sequence[object]) -> list[ProposedRow]:
    """The visit of each record, from the columns of the EDC that tell it."""
    carried = {name.upper().replace("_", ""): name for name in form.carried}
    folder = [form.visit, next((carried[one] for one in REPEATS if one in carried), "")]
    if not made or form.fields[0].vendor or not form.visit or "VISITNUM" not in spec.by_name:
        return []
    source = " ".join(filter(None, folder))
    return [ProposedRow(form.name, "", name, name.lower(), source) for name in ("VISITNUM", "VISIT")]


def _completed(
    rows: list[ProposedRow], form: CrfForm, tests: list[ProposedTest], spec: DatasetSpec
) -> tuple[list[ProposedRow], list[str]]:
    """The rows, object, category and treatment named after the form where they are required; what is still empty."""
    prefix, given = spec.dataset, {"STUDYID", "DOMAIN", "USUBJID", "SUBJID"}
    if tests and not rows:
        rows = [ProposedRow(form.name, "*", "", "records", "")]
    by_tests = {f"{prefix}{name}" for name in ("TESTCD", "ORRES", "STRESC") if tests}
    made = {row.target for row in rows} | by_tests | given | {f"{prefix}SEQ", f"{prefix}TEST"}
    needed = [v.name for v in spec.variables if v.collected]
    named = [n for n in needed if n not in made and n in (f"{prefix}OBJ", f"{prefix}CAT", "EXTRT")]
    block = rows[0].block if rows else ""
    rows = rows + [ProposedRow(form.name, block, n, "hardcode", form.label.upper()) for n in named if rows]
    return rows, [n for n in needed if n not in made and n not in named] if rows else []


def _common_prefix(fields: Sequence[DictionaryField]) -> str:
    """The letters with which most names of a form begin (LOT of LOTN, LOTTYP, LOTSTDAT)."""
    for length in (4, 3, 2):
        starts = Counter(f.name[:length] for f in fields if len(f.name) > length)
        if starts and len(fields) > 2 and starts.most_common(1)[0][1] >= SHARED * len(fields):
            return starts.most_common(1)[0][0]
    return ""


def _test(one: CrfMeaning, form: CrfForm, name: str, spec: DatasetSpec, known: Vocabulary) -> ProposedTest:
    """The test of one measured field: its list where it is coded, its unit and how its result is read."""
    entry = next(f for f in form.fields if f.name == name)
    prefix = spec.dataset
    unit = entry.unit_field or entry.unit if {f"{prefix}ORRESU", f"{prefix}STRESU"} <= set(spec.by_name) else ""
    number = entry.type in NUMBERS and f"{prefix}STRESN" in spec.by_name
    listed = one.source if entry.type == "coded" and one.source in known.lists else ""
    limited = spec.dataset == "LB" and not listed
    result = "date" if entry.type == "date" else "limited" if limited else "number" if number else "text"
    return ProposedTest(form.name, name, one.target, listed, unit, result)


def _open(one: DictionaryField, why: str = "") -> ProposedRow:
    what = f"{one.label}: say target and rule and move the form here, or remove the row{why}"
    return ProposedRow("", "OPEN", "", "", f"{one.form}.{one.name}", what)
