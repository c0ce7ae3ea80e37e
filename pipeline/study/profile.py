"""profile.yaml: the page of one subject, as the standard says it and a study says what differs.

Words of an entry of the study win over those of the standard's entry of its name; one that says nothing takes it away.
What the standard shows of datasets or by variables that a study does not have is left away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.study import shapes
from pipeline.study.decisions import Choice
from pipeline.study.declared import NOTHING, Declared
from pipeline.study.frozen import frozen
from pipeline.study.spec_input import SpecInput
from pipeline.study.yaml_text import Content, place
from tlf.profile.spec import COLOURS, ChartSpec, LaneSpec, ProfileSpec, RecordTable, Scale

PROFILE, FILE = "profile", "profile.yaml"
PARTS, CLAUSES, SUBJECTS = ("lanes", "charts", "tables"), ("where", "ongoing", "below"), "adsl"
LANE: dict[str, shapes.Shape] = {
    "label!": "text", "of!": "text", "start!": "text", "end": "text", "where": "text", "rows": "text", "text": ["text"],
    "colour": "text", "scale": "text", "ongoing": "text",
}  # fmt: skip
CHART: dict[str, shapes.Shape] = {
    "label!": "text", "of!": "text", "where": "text", "log": "flag", "reference": ["number"],
    **dict.fromkeys(("value", "date", "unit", "text", "limit", "below", "low", "high", "by"), "text"),
}  # fmt: skip
TABLE: dict[str, shapes.Shape] = {
    "label!": "text", "of!": "text", "date!": "text", "columns!": {"*": "text"}, "where": "text", "value": "text",
}  # fmt: skip
SCALE: dict[str, shapes.Shape] = {"levels!": ["text"], "colours!": frozenset(COLOURS)}
AXIS: shapes.Shape = {"breaks!": ["number"], "widths!": ["size"]}
STANDARD: dict[str, shapes.Shape] = {
    "head!": {"*": "text"}, "origins!": {"*": "text"}, "axis!": AXIS, "scales!": {"*": SCALE}, "lanes!": {"*": LANE},
    "charts!": {"*": CHART}, "tables!": {"*": TABLE},
}  # fmt: skip


def _differing(entry: Mapping[str, shapes.Shape]) -> shapes.Shape:
    """The shape of entries of which a study says what differs: no word is needed, and none takes the entry away."""
    return {"*": ({word.rstrip("!"): shape for word, shape in entry.items()}, "")}


STUDY: shapes.Shape = {
    "head": {"*": "text"}, "origins": {"*": "text"}, "axis": AXIS, "scales": _differing(SCALE),
    "lanes": _differing(LANE), "charts": _differing(CHART), "tables": _differing(TABLE),
}  # fmt: skip


def load_profile(
    standard: Path, folder: Path, datasets: Mapping[str, DatasetSpec], declared: Declared = NOTHING
) -> dict[str, SpecInput]:
    """What the page of a subject shows; nothing where the standard says none. Raises TrialError with file and line."""
    files = [path for path in (standard / FILE, folder / FILE) if path.exists()]
    if not files or files[0].parent != standard:
        return {}
    said, own = shapes.load(files[0], STANDARD), shapes.load(files[1], STUDY) if files[1:] else {}
    for part, entries in own.items():
        said[part] = entries if part == "axis" else _laid_over(said[part], entries)
    told, read = declared.in_full(said, tuple(files))
    of_study = {(part, name) for part in PARTS for name in own.get(part, {})}
    for part in PARTS:
        told[part] = {name: one for name, one in told[part].items()
                      if (part, name) in of_study or _can_be_told(one, datasets)}  # fmt: skip
    for at, what, cure in _lacking(told):
        raise TrialError(what, place(files[-1], at), cure)
    return {PROFILE: SpecInput(told, profile, read)}


def _can_be_told(entry: Content, datasets: Mapping[str, DatasetSpec]) -> bool:
    """Whether the study has the dataset of an entry, and the variables of its clauses there or in ADSL."""
    if entry["of"] not in datasets:
        return False
    known = {*datasets[entry["of"]].names, *datasets[SUBJECTS].names}
    return all(name in known for word in CLAUSES for name in clauses.named_in(entry.get(word, "")))


def _laid_over(standard: Content, own: Content) -> Content:
    """The entries of a part with the words of the study; those that it takes away are gone."""
    whole = dict(standard)
    for name, words in own.items():
        whole[name] = {**whole.get(name, {}), **words} if isinstance(words, dict) else words
    return {name: words for name, words in whole.items() if words}


def _lacking(told: Content) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What an entry of the study must say and does not, since the standard has none of its name; unequal axes."""
    for part, shape in (("lanes", LANE), ("charts", CHART), ("tables", TABLE), ("scales", SCALE)):
        for name, words in told[part].items():
            for word in (word.rstrip("!") for word in shape if word.endswith("!")):
                if word not in words:
                    yield (part, name), f"{name} lacks `{word}:`.", "add it: the standard has no entry of this name"
    breaks, widths = (told["axis"][word] for word in ("breaks", "widths"))
    if len(widths) != len(breaks) + 1 or sorted(map(float, breaks)) != list(map(float, breaks)):
        what = f"The axis has {len(breaks)} breaks and {len(widths)} widths."
        yield ("axis",), what, "one width more than breaks, and breaks in their order"


def profile(said: Content, decisions: Mapping[str, Choice]) -> ProfileSpec:
    """What is shown, with the choices in force in its clauses."""

    def clause(words: Content, word: str) -> str:
        return clauses.filled(words.get(word, ""), decisions, FILE)

    return ProfileSpec(
        said["head"], said["origins"], tuple(map(float, said["axis"]["breaks"])),
        tuple(map(float, said["axis"]["widths"])),
        {name: frozen(Scale, words, name=name) for name, words in said["scales"].items()},
        tuple(frozen(LaneSpec, words, name=name, where=clause(words, "where"), ongoing=clause(words, "ongoing"))
              for name, words in said["lanes"].items()),
        tuple(frozen(ChartSpec, words, name=name, where=clause(words, "where"), below=clause(words, "below"))
              for name, words in said["charts"].items()),
        tuple(frozen(RecordTable, words, name=name, where=clause(words, "where"))
              for name, words in said["tables"].items()),
    )  # fmt: skip
