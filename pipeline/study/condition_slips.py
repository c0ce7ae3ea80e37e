"""What conditions.yaml and sets.yaml cannot say: names, datasets and words that do not go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.ground import source
from pipeline.ground.clauses import named_in
from pipeline.ground.conditions import ALWAYS, Condition, SubjectSet
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.words import did_you_mean
from pipeline.study.conditions import CHANGES, SEEN, replaceable, subject_variables
from pipeline.study.declared import ADSL, Declared
from pipeline.study.patterns import LONGEST
from pipeline.study.shape import Slip

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
NUMBERS = ("number", "integer")
WORDS = {"from": "source"}  # words of a file whose field has another name


def slips(declared: Declared, datasets: Mapping[str, DatasetSpec]) -> Iterator[tuple[str, Slip]]:
    """Each slip with the name of its condition or set; its path begins below that name."""
    for name, one in declared.by_name.items():
        told = (
            _of_set(one, declared, datasets) if isinstance(one, SubjectSet) else _of_condition(one, declared, datasets)
        )
        yield from ((name, slip) for slip in told)
    for clause in declared.clauses:
        yield from ((clause.name, slip) for slip in _of_clause(clause, declared, datasets))


def _of_clause(one: Condition, declared: Declared, datasets: Mapping[str, DatasetSpec]) -> Iterator[Slip]:
    """A clause by name has a clause, and a name that is nothing else's."""
    yield from _named(one.name, "", "")
    having = [spec.dataset for spec in datasets.values() if one.name in spec.names]
    sets = [of.id for of in declared.sets if one.name in (of.id, of.flag, of.reason)]
    if having or sets:
        what = f"{one.name} is a variable of {having[0]}" if having else f"{one.name} is the name of the set {sets[0]}"
        yield Slip((), what, "give your clause another name")
    for word in [word for word in ("take", "value", "base", "from") if getattr(one, WORDS.get(word, word))]:
        cure = f"of a subject's records say `of: {ADSL}` and `from:` their dataset"
        yield Slip((word,), f"{one.name} is a clause by name, of which no value is kept", cure)
    if not one.where and not one.cases:
        yield Slip((), f"{one.name} has no clause", "say `where:`")


def _named(name: str, word: str, label: str) -> Iterator[Slip]:
    """A variable's name and label are those that transport files can carry."""
    where = (word,) if word else ()
    if not NAME.fullmatch(name):
        what = f"'{name}' cannot be the name of a variable"
        yield Slip(where, what, "a capital letter, then at most seven capitals or digits")
    if len(label) > LONGEST:
        yield Slip(("label",), f"the label of {name} has {len(label)} characters", f"at most {LONGEST}")


def _of_condition(one: Condition, declared: Declared, datasets: Mapping[str, DatasetSpec]) -> Iterator[Slip]:
    yield from _named(one.name, "", one.label)
    yield from _records(one, datasets)
    if one.source and one.of in datasets and one.of not in _analysed(datasets):
        cure = f"say `of: {ADSL}`, or a clause on its own records without `from:`"
        yield Slip(("from",), f"{one.of.upper()} keeps no value of other records", cure)
        return
    if one.of not in _analysed(datasets):
        yield Slip(("of",), f"unknown dataset '{one.of}'", did_you_mean(one.of, _analysed(datasets)))
        return
    spec = datasets[one.of]
    taken = {*spec.names, *spec.parameter_labels, *(v for s in declared.sets for v in (s.flag, s.reason))}
    own = replaceable(datasets) if one.of == ADSL and one.name in declared.own else set()
    if one.name in taken - own:
        what = f"{spec.dataset} has {one.name} already"
        yield Slip((), what, "use it as it is, or give yours another name")
    if one.source and one.of != ADSL and "PARAMCD" not in spec.names:
        cure = "say `of: adsl`, or a clause on its own records without `from:`"
        yield Slip(("from",), f"{spec.dataset} has no parameters to which a value of {one.source} could be added", cure)
    yield from _valued(one, declared, datasets)


def _records(one: Condition | SubjectSet, datasets: Mapping[str, DatasetSpec]) -> Iterator[Slip]:
    """The dataset of records is there; a clause stands where it must, and is not an empty one."""
    handed = [name for name, spec in datasets.items() if not spec.intermediate]
    if one.source and one.source not in datasets:
        yield Slip(("from",), f"unknown dataset '{one.source}'", did_you_mean(one.source, handed))
    elif one.source == ADSL:
        yield Slip(("from",), "what is asked of subjects needs no `from: adsl`", "take the word away")


def _valued(one: Condition, declared: Declared, datasets: Mapping[str, DatasetSpec]) -> Iterator[Slip]:
    """`take` and `value` go together, with `from`; what they take is there, and of a kind that has an order."""
    if bool(one.take) != bool(one.value):
        lacking, there = ("value", "take") if one.take else ("take", "value")
        yield Slip((there,), f"`{there}:` needs `{lacking}:`", "say both, or neither for a flag")
    if one.date:
        yield from _dated(one, declared, datasets)
    if one.joined and not one.cases:
        yield Slip(("joined",), "texts of cases are joined", "say `cases:`")
    if one.base:
        yield from _based(one, declared, datasets)
    if one.take and not one.source:
        yield Slip(("take",), "a value is taken of records", "say `from: DATASET`")
    for word, said in (("where", one.where), ("from", one.source)):
        if one.cases and said:
            yield Slip((word,), f"`{word}:` and `cases:` say two things of {one.name}", "say the cases alone")
    if one.otherwise and not one.value and not one.cases:
        yield Slip(("otherwise",), "a flag is N where there is no record", "take `otherwise:` away, or say `value:`")
    if not one.where and not one.source and not one.cases:
        yield Slip((), f"{one.name} has no clause", "say `where:`, or `from:`")
    if not one.value or one.source not in datasets:
        return
    seen = {v.name: v for v in (*SEEN, *(CHANGES if one.base else ()))}
    known = seen | subject_variables(datasets, declared) | datasets[one.source].by_name
    if one.value not in known:
        what = f"{one.source.upper()} has no variable {one.value}"
        yield Slip(("value",), what, did_you_mean(one.value, known))
    elif one.take in ("highest", "lowest") and known[one.value].type == "text":
        what = f"{one.value} is a text, which has no {one.take}"
        yield Slip(("take",), what, "take the first or last, or the value of a number such as AVAL")
    elif one.otherwise and known[one.value].type != "text" and not _is_number(one.otherwise):
        yield Slip(("otherwise",), f"{one.value} holds a number, '{one.otherwise}' is none", "write a number")


def _dated(one: Condition, declared: Declared, datasets: Mapping[str, DatasetSpec]) -> Iterator[Slip]:
    """What dates records is one of their dates; of subjects, any date that is known of them."""
    if not one.source:
        yield Slip(("date",), "records are dated", "say `from: DATASET`, or `from: subjects`")
    elif one.source in datasets:
        known = dict(datasets[one.source].by_name)
        known |= subject_variables(datasets, declared) if one.source == "subjects" else {}
        dates = [name for name, variable in known.items() if variable.type == "date" or name.endswith("DTC")]
        if one.date not in dates:
            yield Slip(("date",), f"{one.source.upper()} has no date {one.date}", did_you_mean(one.date, dates))


def _based(one: Condition, declared: Declared, datasets: Mapping[str, DatasetSpec]) -> Iterator[Slip]:
    """A base is a number of the subject, and records that are compared with it have a result."""
    numbers = [n for n, v in subject_variables(datasets, declared).items() if v.type in NUMBERS]
    numbers += [other.name for other in declared.conditions if _is_a_number(other, datasets)]
    if not one.source:
        yield Slip(("base",), "records are compared with a base", "say `from: DATASET`")
    elif one.source in datasets and not {"AVAL", f"{one.source.upper()}STRESN"} & {*datasets[one.source].names}:
        what = f"{one.source.upper()} has no result that could be compared"
        yield Slip(("base",), what, "take records that have AVAL or --STRESN")
    if one.base not in numbers:
        yield Slip(("base",), f"{one.base} is no number of the subject", did_you_mean(one.base, numbers))


def _is_a_number(one: Condition, datasets: Mapping[str, DatasetSpec]) -> bool:
    """Whether a condition is a number of the subject: the value of a record."""
    having = datasets.get(one.source)
    value = having.by_name.get(one.value) if having and one.of == ADSL else None
    return value is not None and value.type in NUMBERS


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _of_set(one: SubjectSet, declared: Declared, datasets: Mapping[str, DatasetSpec]) -> Iterator[Slip]:
    known = {other.id: other for other in declared.sets}
    if not one.label:
        yield Slip((), f"the set {one.id} has no label", "say `label:`")
    for word, name in (("flag", one.flag), ("reason", one.reason)):
        if name:
            yield from _named(name, word, one.label if word == "flag" else "")
    for word, said in (("reason", one.reason), ("from", one.source), ("within", one.within), ("after", one.after)):
        if said and not one.flag:
            yield Slip((word,), f"`{word}:` needs a flag", "say `flag:`, the variable of ADSL")
    if one.flag and not one.where and one.node not in source.functions("adam.sets"):
        yield Slip((), f"{one.flag} has no clause, and there is no recipe {one.node}", "say `where:`")
    before = known[one.after].reasons if one.after in known else {}
    if one.reason and one.declared and not {*one.reasons} - {*before}:
        cure = 'say `reasons:`, in order, the last with an empty clause: {NOT TREATED: ""}'
        yield Slip((), f"{one.reason} has no reason of its own for who is out of {one.flag}", cure)
    for word, names in (("within", one.within), ("after", [one.after] if one.after else [])):
        for name in names:
            if name not in known or not known[name].flag:
                where = (word, name) if word == "within" else (word,)
                flagged = [i for i, other in known.items() if other.flag and i != one.id]
                yield Slip(where, f"unknown set '{name}'", did_you_mean(name, flagged))
    for name in [name for name, how in one.within.items() if how == ALWAYS and one.where]:
        cure = "say critical, major or minor: it is a finding of the subject"
        yield Slip(("within", name), f"a clause cannot promise that {one.flag} always lies within {name}", cure)
    if one.flag and not one.source and one.flag in named_in(one.where):
        what = f"{one.flag} is what this clause makes, and cannot be named in it"
        yield Slip(("where",), what, "name what the flag is made of (TRTSDT, a condition, another set)")
    yield from _records(one, datasets)


def _analysed(datasets: Mapping[str, DatasetSpec]) -> list[str]:
    """The analysis datasets that are handed out: those that may be given a variable."""
    return [name for name, spec in datasets.items() if spec.layer == "adam" and not spec.intermediate]
