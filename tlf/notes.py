"""What the results say of a whole output: the decisions in force, and notes whose words depend on the data."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.faults import told_of
from pipeline.ground.words import choice_text
from tlf.conditions import Records
from tlf.decided import with_decisions, worded
from tlf.ids import named
from tlf.model import Row
from tlf.results import Found, Origin, Place, Result, entry
from tlf.shells import Shell, SubjectNote

PREFIX, DECISION = "Note / ", "Decision / "
EVERYBODY = "all"


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
