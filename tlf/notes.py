"""What the results say of a whole output: the decisions in force, and notes whose words depend on the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.ground.faults import told_of
from pipeline.ground.words import choice_text
from tlf.conditions import Decisions, Records, with_decisions
from tlf.ids import named
from tlf.model import Row
from tlf.results import Found, Origin, Place, Result, entry
from tlf.shells import Shell, SubjectNote

PREFIX, DECISION = "Note / ", "Decision / "
EVERYBODY = "all"
FEWER = re.compile(r"(?:^|(?<=[.;] ))[^.;]*\bfewer than @(\w+)[^.;]*[.;]\s*")


def decisions(shell: Shell, records: Records) -> Iterator[Result]:
    """One row per decision the output lists, so that its page can be made from the results alone."""
    for name in shell.decisions:
        value = records.decision(name)
        place = Place(shell.output, DECISION + name, EVERYBODY, "")
        number = value if isinstance(value, int | float) else float("nan")
        yield entry(place, Origin("adsl", ""), "decision", number, text=choice_text(value))


def in_force(found: Found) -> dict[str, str]:
    """The decisions that the results were made under, as text by lower-case name."""
    before = named(DECISION)
    return {row.removeprefix(before): said.text for row, said in found.texts(before).items()}


def worded(shell: Shell, decisions: Decisions) -> Decisions:
    """The decisions as a reader knows them: the word that `words:` of the output gives for a value, else the value."""
    words = shell.words
    return {name: words.get(name.upper(), {}).get(choice_text(value), value) for name, value in decisions.items()}


def footnotes(said: Sequence[str], decisions: Decisions) -> tuple[str, ...]:
    """The footnotes with the decisions filled in; nobody is fewer than 0, so that a clause on so few is left out."""
    standing = (FEWER.sub(lambda clause: "" if _is_none(clause[1], decisions) else clause[0], note) for note in said)
    return tuple(with_decisions(re.sub(r";\s*$", ".", note).rstrip(), decisions) for note in standing if note)


def _is_none(name: str, decisions: Decisions) -> bool:
    return str(decisions.get(name.lower(), "")) == "0"


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """One row per note of the shell: the number of subjects, and the text with `{n}` and `{subjects}` filled in."""
    for number, note in enumerate(shell.notes):
        with told_of(("notes", number), note.label):
            yield _said(shell, note, records)


def _said(shell: Shell, note: SubjectNote, records: Records) -> Result:
    origin = Origin(note.of, note.where)
    population = shell.population.where if note.population is None else note.population
    place = Place(shell.output, PREFIX + note.label, EVERYBODY, population)
    who = records.where(origin.dataset, origin.where, place.population)["USUBJID"].drop_duplicates()
    names = records.where("adsl", "").set_index("USUBJID")["SUBJID"].reindex(who).sort_values()
    text = with_decisions(note.text, worded(shell, records.decisions))
    text = text.replace("{n}", str(len(who))).replace("{subjects}", ", ".join(names) or "none")
    return entry(place, origin, "n", len(who), text=text)


def rows(found: Found) -> list[Row]:
    """One printed row over the full width per note, below a blank line."""
    texts = found.texts(named(PREFIX)).values()
    return [Row((said.text,), key=said.rowid, gap=i == 0) for i, said in enumerate(texts)]
