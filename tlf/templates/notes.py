"""What the results say of a whole output: the decisions in force, and notes whose words depend on the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.ground.words import choice_text
from tlf.model import Row
from tlf.templates.conditions import Records, with_decisions
from tlf.templates.rows import Found, Origin, Place, entry

PREFIX, DECISION = "Note / ", "Decision / "
EVERYBODY = "all"


def decisions(output: dict[str, Any], records: Records) -> Iterator[dict[str, Any]]:
    """One row per decision the output lists, so that its page can be made from the results alone."""
    for name in output.get("decisions", []):
        value = records.decision(name)
        place = Place(output["output"], DECISION + name, EVERYBODY, "")
        number = value if isinstance(value, int | float) else float("nan")
        yield entry(place, Origin("adsl", ""), "decision", number, text=choice_text(value))


def in_force(found: Found) -> dict[str, str]:
    """The decisions that the results were made under, as text by lower-case name."""
    return {rowid.removeprefix(DECISION).lower(): text for rowid, text in found.texts(DECISION).items()}


def worded(output: dict[str, Any], decisions: dict[str, Any]) -> dict[str, Any]:
    """The decisions as a reader knows them: the word that `words:` of the output gives for a value, else the value."""
    words = output.get("words", {})
    return {name: words.get(name.upper(), {}).get(choice_text(value), value) for name, value in decisions.items()}


def entries(output: dict[str, Any], records: Records) -> Iterator[dict[str, Any]]:
    """One row per note of the shell: the number of subjects, and the text with `{n}` and `{subjects}` filled in."""
    population = output.get("population", {}).get("where", "")
    for note in output.get("notes", []):
        origin = Origin(note.get("dataset", "adsl"), note.get("where", ""))
        place = Place(output["output"], PREFIX + note["label"], EVERYBODY, note.get("population", population))
        who = records.where(origin.dataset, origin.where, place.population)["USUBJID"].drop_duplicates()
        names = records.where("adsl", "").set_index("USUBJID")["SUBJID"].reindex(who).sort_values()
        text = with_decisions(note["text"], worded(output, records.decisions))
        text = text.replace("{n}", str(len(who))).replace("{subjects}", ", ".join(names) or "none")
        yield entry(place, origin, "n", len(who), text=text)


def rows(found: Found) -> list[Row]:
    """One printed row over the full width per note, below a blank line."""
    texts = found.texts(PREFIX).items()
    return [Row((text,), key=rowid, gap=i == 0) for i, (rowid, text) in enumerate(texts)]
