"""What files of endpoints ask of datasets: names, variables, kinds and values, visits; each slip where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import WARNING, Problem, problem_of
from pipeline.study.csv_text import load_table
from pipeline.study.derivation import BY_LUGANO, PRIOR, RECIPE
from pipeline.study.endpoint_folder import ENDPOINT, RESPONSE, SUBJECTS, EndpointFolder, SpecPart, read_folder
from pipeline.study.frozen import texts
from pipeline.study.parameter_overlay import repeated
from pipeline.study.responses import LISTED
from pipeline.study.specs import Specs

ONE_EACH = ("STUDYID", "USUBJID")
START = {"STARTDT": values.ClauseField("date")}
RECORD = ("domain", "variable", "sequence")
RESPONSES, ANY, RECORDED = "ONCRSR", "any", "OVERALL"
WORTH = (RECORDED, "OVERALLD", "QUALRSP", "QUALCNF")  # variables of assessments that hold a response
NEARLY = 0.8  # how like a name of criteria is one that was probably meant


@dataclass(frozen=True)
class Askable:
    """What a clause may ask: variables by dataset, those of a subject, decisions, planned visits; terms of RS."""

    specs: Specs
    root: Path
    fields: Mapping[str, values.Fields]
    subject: values.Fields
    visits: frozenset[str]
    terms: frozenset[str]

    def problem(self, one: SpecPart, what: str, cure: str, *where: object) -> Problem:
        """A problem at a path under a part of a file."""
        fault = one.fault(what, cure, *where)
        return problem_of(fault, str(one.file(*where).relative_to(self.root)))


def check_endpoints(root: Path, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of the sources, situations, endpoints and responses of the standard and the study."""
    folders = (root / "specs" / "standard", specs.folder)
    told, known = read_folder(*folders, specs.decisions), _known(root, specs, ct)
    inputs = [specs.inputs[word].said for word in ("endpoints", "responses") if word in specs.inputs]
    taken = {name for said in inputs for name in said["sources"]}
    for name, one in told.sources.items():
        if name in taken or not _of_others(one, known):
            yield from _source(one, known)
    inline = (SpecPart(words, one.path, ("situations", number)) for one in told.endpoints.values()
              for number, words in enumerate(one.words["situations"]) if isinstance(words, dict))  # fmt: skip
    for one in (*told.situations.values(), *inline):
        yield from _clause(one, "when", {**known.subject, **START}, known, "The subject")
    for one in (*told.endpoints.values(), *told.responses.values()):
        yield from _clause(one, "among", known.subject, known, "The subject")
        for number, visit in enumerate(texts(one.words.get("visits", []))):
            if visit not in known.visits:
                cure = did_you_mean(visit, known.visits)
                yield known.problem(one, f"no response visit is called '{visit}'", cure, "visits", number)
    for code, one in told.responses.items():
        yield from _response(one, told, known, code in told.own)
    for word, parameters in ((ENDPOINT, told.endpoints), (RESPONSE, told.responses)):
        for one in parameters.values():
            for slip in repeated(one.standard.words, one.own, word) if one.standard else ():
                yield replace(known.problem(one, slip.what, slip.cure, *slip.where), kind=WARNING)
    yield from _derivation(told, known)


def _derivation(told: EndpointFolder, known: Askable) -> Iterator[Problem]:
    """What stands beside assessments: bases and clauses; the criteria in force, and a name that is nearly theirs."""
    fields = values.as_seen(known.fields.get(RECIPE, {}), known.subject)
    for one in told.beside.values():
        yield from _cases(one, fields, known)
        base = one.words.get("base", "")
        if base and base not in known.subject:
            yield known.problem(one, f"the subject has no {base}", did_you_mean(base, known.subject), "base")
    name = known.specs.study.criteria.get("response", "")
    for criterion, one in told.criteria.items():
        if criterion.casefold() == name.casefold():
            asked = {PRIOR: values.ClauseField("text"), BY_LUGANO: values.ClauseField("text")}
            asked |= {name: values.ClauseField("number") for name in one.words.get("counts", {})}
            yield from _cases(one, fields | asked, known)
            yield from _clause(one, "among", fields, known, "The assessment")
    near = get_close_matches(name.casefold(), [one.casefold() for one in told.criteria], 1, NEARLY)
    if near and near[0] != name.casefold():
        cure = next(one for one in told.criteria if one.casefold() == near[0])
        study = SpecPart({}, known.specs.folder / "study.yaml")
        what = f"the criteria of response are '{name}', and no table is called so: no response follows"
        yield known.problem(study, what, f"did you mean {cure}?", "criteria", "response")


def _cases(one: SpecPart, fields: values.Fields, known: Askable) -> Iterator[Problem]:
    for text, clause in one.words.get("cases", {}).items():
        for what, cure in values.slips(clause, fields, known.specs.decisions, "The assessment"):
            yield known.problem(one, what, cure, "cases", text)


def _known(root: Path, specs: Specs, ct: pd.DataFrame) -> Askable:
    fields = {name: values.of_spec(spec, ct) for name, spec in specs.datasets.items()}
    each = [n for n, s in specs.datasets.items() if s.layer == "adam" and s.keys == ONE_EACH and n != SUBJECTS]
    subject = {name: field for n in (*each, SUBJECTS) if n in fields for name, field in fields[n].items()}
    table = load_table(specs.tables["visits"]) if "visits" in specs.tables else None
    planned = () if table is None else table.loc[table["RESPFL"] == "Y", "AVISIT"]
    terms = frozenset(ct.loc[ct["codelist"] == RESPONSES, "submission"])
    return Askable(specs, root, fields, subject, frozenset(planned), terms)


def _of_others(one: SpecPart, known: Askable) -> bool:
    """Whether a source of the standard is of one of its datasets that this study does not make."""
    of = one.words["of"]
    return of not in known.fields and (known.root / "specs" / "standard" / "adam" / f"{of}.yaml").exists()


def _source(one: SpecPart, known: Askable) -> Iterator[Problem]:
    """The dataset of a source, its clauses, and the variables that date it and name its record."""
    of = one.words["of"]
    if of not in known.fields:
        yield known.problem(one, f"unknown dataset '{of}'", did_you_mean(of, known.fields), "of")
        return
    fields = values.as_seen(known.fields[of], known.subject) | START
    for word in ("where", "meets"):
        yield from _clause(one, word, fields, known, of.upper())
    date = one.words.get("date", "")
    dated = {name: field for name, field in known.fields[of].items() if name.endswith(("DT", "DTC"))}
    if date and date not in dated:
        yield known.problem(one, f"{of.upper()} has no date {date}", did_you_mean(date, dated), "date")
    if not date and not values.dated(of, known.fields[of]):
        what = f"the records of {of.upper()} have no date of their own"
        yield known.problem(one, what, "say date: and a variable", "of")
    yield from _record(one, known.fields[of], known)


def _record(one: SpecPart, fields: values.Fields, known: Askable) -> Iterator[Problem]:
    record = one.words.get("record", [])
    if record and len(record) != len(RECORD):
        what = "a record is its domain, variable and sequence"
        yield known.problem(one, what, "such as [DD, DDDTC, DTHSEQ]", "record")
    elif record and record[2] not in fields:
        numbers = [name for name in fields if name.endswith("SEQ")]
        what = f"{one.words['of'].upper()} has no variable {record[2]}"
        yield known.problem(one, what, did_you_mean(record[2], numbers), "record", 2)


def _response(one: SpecPart, told: EndpointFolder, known: Askable, own: bool) -> Iterator[Problem]:
    """The clause on the record taken; the visit of a study's own parameter is one that it plans."""
    of = told.sources[one.words["assessments"]].words["of"]
    if of in known.fields:
        fields = values.as_seen(known.fields[of], known.subject)
        yield from _clause(one, "where", fields, known, of.upper())
    window = one.words.get("window", "")
    if own and window and window not in known.visits:
        what = f"no response visit is called '{window}'"
        yield known.problem(one, what, did_you_mean(window, known.visits), "window")
    if own and one.words.get("value", RECORDED) in WORTH:
        yield from _words(one, told, known)


def _words(one: SpecPart, told: EndpointFolder, known: Askable) -> Iterator[Problem]:
    """The responses that a parameter asks for are terms of the study, or words of criteria or of the standard."""
    said = [table.words.get("cases", {}) for table in told.criteria.values()]
    said += [part for other in told.responses.values() for part in _ordered(other.standard or other, other is one)]
    words = known.terms.union(*said) | {LISTED}
    asked = [(("yes", number), text) for number, text in enumerate(texts(one.words.get("yes", [])))]
    asked += [(("recode", text), text) for text in one.words.get("recode", {})]
    for where, text in asked:
        if text not in words and text != ANY and not text.startswith("@"):
            cure = f"{did_you_mean(text, words)}; a study adds a response of its own to codelists.csv, list {RESPONSES}"
            yield known.problem(one, f"nobody knows the response '{text}'", cure, *where)


def _ordered(one: SpecPart, itself: bool) -> tuple[Iterable[str], ...]:
    """The responses that a parameter puts in order or turns into others; of the one in question only what it makes."""
    recode = one.words.get("recode", {})
    return (recode.values(),) if itself else (one.words.get("best", []), recode, recode.values())


def _clause(one: SpecPart, word: str, fields: values.Fields, known: Askable, thing: str) -> Iterator[Problem]:
    for what, cure in values.slips(one.words.get(word, ""), fields, known.specs.decisions, thing):
        yield known.problem(one, what, cure, word)
