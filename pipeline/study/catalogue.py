"""The outputs a study takes from the standard's shells: catalogue.yaml fills what each shell takes.

    - {output: T-14.3.2, shell: toxicity, toxicity: CRS, columns: [A, B, AB], with: [as_registered]}

A shell (specs/standard/tlf) stands once. It names its arguments under `takes:` and says `<name>` where one is to stand;
`<toxicity.onset>` is a word of that toxicity in toxicities.yaml; of the words of an output it may ask for `columns`. A
row, set or footnote with an `option:` stands only where an entry names it under `with:`. What else an entry says wins
over the shell; its footnotes come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.study import shape, shapes
from pipeline.study.csv_text import as_they_are
from pipeline.study.named import Named
from pipeline.study.shape import Slip
from pipeline.study.yaml_text import Content, Where, place

FILE, TOXICITY = "catalogue.yaml", "toxicity"
NUMBER = re.compile(r"[A-Za-z]+[A-Za-z0-9]*([-.][A-Za-z0-9]+)*")
ARGUMENT = re.compile(r"<([a-z_][a-z0-9_]*(?:\.[a-z_]+)?)>")
OF_ENTRY = tuple(word.rstrip("!") for word in shapes.ENTRY if word != "*")
OF_OUTPUT = tuple(word for word in OF_ENTRY if word not in ("output", "shell", "with"))  # what an entry may say anew


@dataclass(frozen=True)
class WrittenOutput:
    """An output as it is written: its content, the file that says it, all files behind it, and where its parts stand.

    `origins` is empty for an output that stands in one file, else the file and path behind every path of the content.
    """

    content: Content
    path: Path
    files: tuple[Path, ...]
    origins: Mapping[Where, tuple[Path, Where]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The output's name among files and nodes: that of its file, or made from the number of its entry."""
        return name_of(self.content["output"]) if self.origins else self.path.stem

    def origin(self, where: Where) -> tuple[Path, Where]:
        """The file in which a part of the content stands, and its path there; the nearest parent's, else the file."""
        if not self.origins:
            return self.path, where
        while where and where not in self.origins:
            where = where[:-1]
        return self.origins[where]

    def place(self, where: Where) -> str:
        """File, line and column of a part of the content."""
        return place(*self.origin(where))


@dataclass(frozen=True)
class SharedShell:
    """A shell of the standard: its file, the arguments it takes, the options of its parts, and the output it says."""

    path: Path
    takes: tuple[str, ...]
    options: tuple[str, ...]
    body: Content


@dataclass(frozen=True)
class CatalogueEntry:
    """What an entry says: number, shell and options, the arguments of the shell, and words of an output of its own."""

    output: str
    shell: str
    options: tuple[str, ...]
    arguments: Mapping[str, str]
    own: Content


@dataclass(frozen=True)
class Shelf:
    """What entries are filled from: the shells by name, and what is named once."""

    shells: Mapping[str, SharedShell]
    named: Named


def name_of(number: str) -> str:
    """The name of an output's file and node: t_14_3_2 of T-14.3.2."""
    return number.lower().replace("-", "_").replace(".", "_")


def load_shells(standard: Path) -> dict[str, SharedShell]:
    """The standard's shells by the name of their file. Raises TrialError naming file, line and column of a slip."""
    return dict(_shells(as_they_are(sorted((standard / "tlf").glob("*.yaml")))))


@lru_cache(8)
def _shells(files: tuple[tuple[Path, bytes], ...]) -> Mapping[str, SharedShell]:
    """The shells of these files; read once while the files stay as they are."""
    found = {path.stem: (path, shapes.load(path, shapes.SHELL)) for path, _ in files}
    for path, words in found.values():
        for slip in shell_slips(words, path.stem):
            raise TrialError(f"{slip.what}.", place(path, slip.where), slip.cure)
    return {name: _shell(path, words) for name, (path, words) in found.items()}


def _shell(path: Path, words: Content) -> SharedShell:
    options = sorted({text for where, text in texts(words) if where[-1] == "option"})
    body = {word: part for word, part in words.items() if word not in ("shell", "takes")}
    return SharedShell(path, tuple(words.get("takes", ())), tuple(options), body)


def shell_slips(words: Content, name: str) -> Iterator[Slip]:
    """A shell is called as its file, and asks for no argument that it does not take."""
    if words["shell"] != name:
        cure = f"the file's name must be {words['shell']}.yaml"
        yield Slip(("shell",), f"the shell {words['shell']} is in {name}.yaml", cure)
    takes = words.get("takes", [])
    known = [word for word in takes if word not in OF_ENTRY]
    for where, text in texts(words):
        for argument in ARGUMENT.findall(text):
            if argument not in known and not (TOXICITY in takes and argument.startswith(f"{TOXICITY}.")):
                yield Slip(where, f"the shell {name} takes no <{argument}>", did_you_mean(argument, known))


def texts(content: Content, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every text of a document with its path."""
    if isinstance(content, str):
        yield where, content
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        yield from texts(value, (*where, key))


def entry_of(words: Content) -> CatalogueEntry:
    """An entry from its words, which are of their shape."""
    own = {word: part for word, part in words.items() if word in OF_OUTPUT}
    arguments = {word: part for word, part in words.items() if word not in OF_ENTRY}
    return CatalogueEntry(words["output"], words["shell"], tuple(words.get("with", ())), arguments, own)


def slips(entries: list[CatalogueEntry], own: Mapping[str, Path], shelf: Shelf) -> Iterator[Slip]:
    """What is wrong with the entries of a catalogue; `own` are the outputs the study writes itself, by name."""
    seen: dict[str, str] = {name: f"tlf/{path.name}" for name, path in own.items()}
    for number, entry in enumerate(entries):
        name = name_of(entry.output)
        if not NUMBER.fullmatch(entry.output):
            yield Slip((number, "output"), f"'{entry.output}' is no number of an output", "such as T-14.3.2")
        if name in seen:
            what = f"the number {entry.output} stands in {seen[name]} too"
            yield Slip((number, "output"), what, "give each output a number of its own")
        seen.setdefault(name, FILE)
        told = list(_entry_slips(entry, number, shelf))
        yield from told or _filled_slips(entry, number, shelf)


def _entry_slips(entry: CatalogueEntry, number: int, shelf: Shelf) -> Iterator[Slip]:
    name = entry.shell
    if name not in shelf.shells:
        yield Slip((number, "shell"), f"unknown shell '{name}'", did_you_mean(name, shelf.shells))
        return
    shell = shelf.shells[name]
    for word in [word for word in entry.arguments if word not in shell.takes]:
        what = f"{entry.output} says '{word}', which the shell {name} does not take"
        yield Slip((number, word), what, did_you_mean(word, [*shell.takes, *OF_ENTRY]))
    for word in [word for word in shell.takes if not (entry.arguments.get(word) or entry.own.get(word))]:
        yield Slip((number,), f"{entry.output} lacks `{word}:`, which the shell {name} takes", "add it")
    if TOXICITY in shell.takes and entry.arguments.get(TOXICITY, ""):
        yield from _toxicity_slips(entry, number, shelf)
    for at, word in enumerate(entry.options):
        if word not in shell.options:
            cure = did_you_mean(word, shell.options) if shell.options else "take it away"
            yield Slip((number, "with", at), f"the shell {name} has no option '{word}'", cure)


def _filled_slips(entry: CatalogueEntry, number: int, shelf: Shelf) -> Iterator[Slip]:
    """An argument stands where its shell has a number: told where the entry says it."""
    content = filled(entry, (Path(FILE), (number,)), shelf).content
    for slip in shape.slips(content, shapes.OUTPUT):
        row = texts(shelf.shells[entry.shell].body)
        said = [word for where, text in row for word in ARGUMENT.findall(text) if where == slip.where]
        yield Slip((number, *said[:1]), f"{entry.output}: {slip.what}", slip.cure)


def _toxicity_slips(entry: CatalogueEntry, number: int, shelf: Shelf) -> Iterator[Slip]:
    """The toxicity is one in use, and has the parameters that the shell asks for: else rows would count nobody."""
    toxicity, known = entry.arguments[TOXICITY], shelf.named.toxicities
    if toxicity not in known:
        yield Slip((number, TOXICITY), f"unknown toxicity '{toxicity}'", did_you_mean(toxicity, known))
        return
    words = known[toxicity]
    body = _asked(shelf.shells[entry.shell].body, entry.options)
    asked = [argument.partition(".") for _, text in texts(body) for argument in ARGUMENT.findall(text)]
    for word in dict.fromkeys(word for of, _, word in asked if of == TOXICITY and word and word not in words):
        what = f"the toxicity {toxicity} has no {word}, which the shell {entry.shell} asks for"
        yield Slip((number, TOXICITY), what, did_you_mean(word, words))


def _asked(part: Content, options: tuple[str, ...]) -> Content:
    """A part of a shell without what stands only with options that are not asked for."""
    if isinstance(part, list):
        return [_asked(item, options) for _, item in _kept(part, options)]
    return {word: _asked(under, options) for word, under in part.items()} if isinstance(part, dict) else part


def load_catalogue(folder: Path, own: Mapping[str, Path], shelf: Shelf) -> Iterator[WrittenOutput]:
    """The outputs of a study's catalogue, filled. Raises TrialError naming file, line and column of the first slip."""
    path = folder / FILE
    entries = [entry_of(words) for words in (shapes.load(path, shapes.CATALOGUE) or [])] if path.exists() else []
    for slip in slips(entries, own, shelf):
        raise TrialError(f"{slip.what[:1].upper()}{slip.what[1:]}.", place(path, slip.where), slip.cure)
    yield from (filled(entry, (path, (number,)), shelf) for number, entry in enumerate(entries))


def filled(entry: CatalogueEntry, at: tuple[Path, Where], shelf: Shelf) -> WrittenOutput:
    """The output of one entry without slips: its shell with arguments, options and the entry's own words."""
    shell, words = shelf.shells[entry.shell], _arguments(entry, shelf.named)
    content = {"output": entry.output} | _said(shell.body, words, entry.options)
    origins = {new: (shell.path, old) for new, old in _origins(shell.body, entry.options)} | {(): at}
    origins |= {("output",): (at[0], (*at[1], "output"))}
    for word, part in entry.own.items():
        before = content.get(word, []) if word == "footnotes" else []
        content[word] = [*before, *part] if isinstance(part, list) else part
        for new, old in _origins(part, ()):
            moved = (new[0] + len(before), *new[1:]) if new and before else new
            origins[(word, *moved)] = (at[0], (*at[1], word, *old))
    return WrittenOutput(content, shell.path, (shell.path, at[0], *shelf.named.files), origins)


def _arguments(entry: CatalogueEntry, named: Named) -> dict[str, str]:
    """What stands for every <argument>: the entry's texts, and the words of the toxicity it names."""
    toxicity = named.toxicities.get(entry.arguments.get(TOXICITY, ""), {})
    return {**entry.arguments, **{f"{TOXICITY}.{word}": part for word, part in toxicity.items()}}


def _kept(items: list[Content], options: tuple[str, ...]) -> list[tuple[int, Content]]:
    """The items of a list that stand with these options, each with its number in the shell."""
    asked = [one.get("option", "") in ("", *options) if isinstance(one, dict) else True for one in items]
    return [(number, one) for number, one in enumerate(items) if asked[number]]


def _said(part: Content, words: dict[str, str], options: tuple[str, ...]) -> Content:
    """A part of a shell with its arguments filled in; a sentence with an option is a sentence."""
    if isinstance(part, str):
        return ARGUMENT.sub(lambda found: words.get(found[1], ""), part)
    if isinstance(part, list):
        return [_said(item, words, options) for _, item in _kept(part, options)]
    said = {word: _said(under, words, options) for word, under in part.items() if word != "option"}
    return said["note"] if list(said) == ["note"] else said


def _origins(
    part: Content, options: tuple[str, ...], new: Where = (), old: Where = ()
) -> Iterator[tuple[Where, Where]]:
    """The path of every part as it is filled, and in the file."""
    yield new, old
    if isinstance(part, list):
        for at, (number, item) in enumerate(_kept(part, options)):
            yield from _origins(item, options, (*new, at), (*old, number))
    elif isinstance(part, dict):
        for word, under in part.items():
            yield from _origins(under, options, (*new, word), (*old, word))
