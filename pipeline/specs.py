"""The `specs/` folders as frozen values: a study, its decisions, datasets, outputs, raw contracts and mapping sheets.

Files are only read here; what they mean to a derivation is decided where they are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.yaml_text import load_mapping, load_yaml

TERMINOLOGY = "ct"
EACH = "--"  # any domain, in names of a spec that holds for several
TYPES = ("text", "number", "integer", "date", "datetime")


@dataclass(frozen=True)
class Variable:
    """One variable of a dataset spec."""

    name: str
    label: str = ""
    type: str = "text"
    length: str = ""
    core: str = "Perm"
    codelist: str = ""
    origin: str = ""
    source: str = ""
    derivation: str = ""
    comment: str = ""
    format: str = ""

    @property
    def required(self) -> bool:
        """True when every record must have a value."""
        return self.core == "Req"


@dataclass(frozen=True)
class DatasetSpec:
    """A dataset's contract: what one record is, its keys and its variables in order."""

    name: str
    layer: str
    dataset: str
    label: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    path: Path
    intermediate: bool = False
    content: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Variable names in the order of the spec."""
        return tuple(v.name for v in self.variables)


@dataclass(frozen=True)
class Decision:
    """An open point of the analysis plan and the choice in force."""

    id: str
    question: str
    type: str
    value: Any
    default: str
    choices: tuple[str, ...]
    why: str
    source: str
    set_in: str


@dataclass(frozen=True)
class Specs:
    """All that `specs/standard` and `specs/<study>` say."""

    root: Path
    name: str
    study: dict[str, Any]
    decisions: dict[str, Decision]
    datasets: dict[str, DatasetSpec]
    outputs: dict[str, tuple[Path, dict[str, Any]]]
    mappings: dict[str, Path]
    raw: dict[str, Path]
    tables: dict[str, Path]
    additions: dict[str, Path] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The study's own folder."""
        return self.root / "specs" / self.name

    def outputs_path(self, number: str) -> str:
        """The spec file of an output, from the root."""
        paths = [path for path, content in self.outputs.values() if content["output"] == number]
        return str(paths[0].relative_to(self.root)) if paths else ""

    def table_files(self, name: str) -> list[Path]:
        """The file of a table, and the study's own when it adds to a standard one."""
        return [self.tables[name], *([self.additions[name]] if name in self.additions else [])]

    def raw_contract(self, form: str) -> dict[str, Any]:
        """What the extract promises of one form."""
        contract, shared = load_mapping(self.raw[form]), self.raw[form].parent / "_system.yaml"
        if "written" not in contract and contract.get("system", "true") == "true" and shared.exists():
            written = load_mapping(shared).get("written")
            return {**contract, "written": written} if written else contract
        return contract


def find_root(start: Path | None = None) -> Path:
    """The project's root: the nearest folder upwards that holds `specs/standard`. Raises TrialError."""
    start = (start or Path.cwd()).resolve()
    package = Path(__file__).resolve().parent.parent
    for folder in (start, *start.parents, package):
        if (folder / "specs" / "standard").is_dir():
            return folder
    raise TrialError("No project is here.", str(start), "run inside the project, or say --root FOLDER")


def studies(root: Path) -> list[str]:
    """The names of all study folders."""
    return sorted(p.parent.name for p in (root / "specs").glob("*/study.yaml"))


def load_specs(root: Path, study: str) -> Specs:
    """Read the standard and one study's specs. Raises TrialError naming file and line."""
    folder = root / "specs" / study
    if study not in studies(root):
        raise TrialError(f"Unknown study '{study}'.", str(root / "specs"), did_you_mean(study, studies(root)))
    standard = root / "specs" / "standard"
    settings = load_mapping(folder / "study.yaml")
    return Specs(
        root=root,
        name=study,
        study=settings,
        decisions=load_decisions(standard, folder),
        datasets={spec.name: spec for layer in ("sdtm", "adam") for spec in _datasets(standard, folder, layer)},
        outputs=_outputs(standard, folder, settings),
        mappings={p.stem.lower(): p for p in sorted((folder / "mapping").glob("*.csv"))},
        raw={_form(p): p for p in sorted((folder / "raw").glob("*.yaml")) if not p.name.startswith("_")},
        tables=_own_tables(folder) | _standard_tables(standard),
        additions={n: p for n, p in _own_tables(folder).items() if n in _standard_tables(standard)},
    )


def _form(path: Path) -> str:
    content = load_mapping(path)
    if "form" not in content or not isinstance(content.get("fields"), dict):
        raise TrialError("A raw contract needs `form:` and `fields:`.", str(path), "see a neighbouring file")
    return str(content["form"])


def _standard_tables(standard: Path) -> dict[str, Path]:
    """CSV tables that a recipe or an output may ask for by name: the standard's, and the published figures."""
    found = {p.stem.lower(): p for p in sorted((standard.parents[1] / "data" / "published").glob("*.csv"))}
    found |= {p.stem.lower(): p for p in sorted(standard.glob("*.csv"))}
    found |= {p.stem.lower(): p for p in sorted((standard / "criteria").glob("*.csv"))}
    codelists = standard / "terminology" / "codelists.csv"
    return found | ({TERMINOLOGY: codelists} if codelists.exists() else {})


def _own_tables(folder: Path) -> dict[str, Path]:
    """A study's CSV tables; one named as a standard table (codelists.csv: the terminology) adds rows that win."""
    return {TERMINOLOGY if p.stem == "codelists" else p.stem.lower(): p for p in sorted(folder.glob("*.csv"))}


def _by_stem(*folders: Path) -> dict[str, Path]:
    """YAML files by stem; a later folder wins."""
    return {p.stem: p for folder in folders for p in sorted(folder.glob("*.yaml")) if not p.name.startswith("_")}


def _outputs(standard: Path, folder: Path, settings: dict[str, Any]) -> dict[str, tuple[Path, dict[str, Any]]]:
    """The study's outputs, and the shared ones it names under `shared_outputs:`."""
    shared, own = _by_stem(standard / "tlf"), _by_stem(folder / "tlf")
    for name in settings.get("shared_outputs", []):
        if name not in shared:
            cure = did_you_mean(name, shared)
            raise TrialError(f"Unknown shared output '{name}'.", str(folder / "study.yaml"), cure)
    chosen = {n: p for n, p in shared.items() if n in settings.get("shared_outputs", [])} | own
    return {name: (path, load_mapping(path)) for name, path in sorted(chosen.items())}


def _datasets(standard: Path, folder: Path, layer: str) -> Iterator[DatasetSpec]:
    for name, path in sorted(_by_stem(standard / layer, folder / layer).items()):
        content = load_mapping(path)
        for domain in content.get("domains", [""]):
            yield _dataset(name.replace(EACH, domain.lower()), layer, path, _of_domain(content, domain))


def _of_domain(content: Any, domain: str) -> Any:
    """A spec that holds for several domains, read for one of them: -- stands for its name, as in the SDTMIG."""
    if not domain:
        return content
    if isinstance(content, dict):
        return {word: _of_domain(part, domain) for word, part in content.items() if word != "domains"}
    if isinstance(content, list):
        return [_of_domain(part, domain) for part in content]
    return content.replace(EACH, domain) if isinstance(content, str) else content


def _dataset(name: str, layer: str, path: Path, content: dict[str, Any]) -> DatasetSpec:
    for word in ("dataset", "label", "structure", "keys", "variables"):
        if word not in content:
            raise TrialError(f"A dataset spec needs `{word}:`.", str(path), "see a neighbouring file")
    known = set(Variable.__dataclass_fields__)
    for entry in content["variables"]:
        unknown = set(entry) - known
        if unknown:
            word = sorted(unknown)[0]
            raise TrialError(
                f"Unknown word '{word}' for variable {entry.get('name')}.", str(path), did_you_mean(word, known)
            )
    variables = tuple(Variable(**entry) for entry in content["variables"])
    for variable in variables:
        if variable.type not in TYPES:
            cure = did_you_mean(variable.type, TYPES)
            raise TrialError(f"Unknown type '{variable.type}' of {variable.name}.", str(path), cure)
    missing = [k for k in content["keys"] if k not in {v.name for v in variables}]
    if missing:
        raise TrialError(
            f"The key {missing[0]} is no variable of {content['dataset']}.", str(path), "add it, or mend keys"
        )
    return DatasetSpec(
        name=name,
        layer=layer,
        dataset=content["dataset"],
        label=content["label"],
        structure=content["structure"],
        keys=tuple(content["keys"]),
        variables=variables,
        path=path,
        intermediate=content.get("intermediate", "false") == "true",
        content=content,
    )


def load_decisions(standard: Path, folder: Path) -> dict[str, Decision]:
    """Every open point by id: the standard default, or what the study says instead. Raises TrialError."""
    path, own_path = standard / "decisions.yaml", folder / "decisions.yaml"
    entries = {entry["id"]: entry for entry in load_yaml(path) or []}
    own = (load_yaml(own_path) if own_path.exists() else {}) or {}
    if isinstance(own, list):
        own = {entry["id"]: entry for entry in own}
    for name in own:
        if name not in entries:
            raise TrialError(f"Unknown decision '{name}'.", str(own_path), did_you_mean(name, entries))
    return {name: _decision(entry, own.get(name), path, own_path) for name, entry in entries.items()}


def _decision(entry: dict[str, Any], own: Any, path: Path, own_path: Path) -> Decision:
    for word in ("question", "type", "default", "why"):
        if word not in entry:
            raise TrialError(f"Decision {entry['id']} needs `{word}:`.", str(path), "add it")
    chosen = own.get("value", own.get("default")) if isinstance(own, dict) else own
    where = path if chosen is None else own_path
    text = entry["default"] if chosen is None else chosen
    choices = tuple(entry.get("choices", ()))
    if choices and text not in choices:
        cure = f"choose one of {', '.join(choices)}"
        raise TrialError(f"Decision {entry['id']} cannot be '{text}'.", str(where), cure)
    return Decision(
        id=entry["id"],
        question=entry["question"],
        type=entry["type"],
        value=_typed(entry, text, where),
        default=entry["default"],
        choices=choices,
        why=entry["why"],
        source=entry.get("source", ""),
        set_in="standard" if chosen is None else "study",
    )


def typed_choice(decision: Decision, text: str) -> Any:
    """Another choice of a decision as the code gets it. Raises TrialError."""
    entry = {"id": decision.id, "type": decision.type}
    if decision.choices and text not in decision.choices:
        raise TrialError(
            f"Decision {decision.id} cannot be '{text}'.", "", f"choose one of {', '.join(decision.choices)}"
        )
    return _typed(entry, text, Path("--to"))


def _typed(entry: dict[str, Any], text: Any, where: Path) -> Any:
    if text in ("none", "") and entry["type"] in ("integer", "number"):
        return None
    try:
        if entry["type"] == "flag":
            return {"Y": True, "N": False}[text]
        if entry["type"] == "integer":
            return int(text)
        if entry["type"] == "number":
            return float(text)
    except (KeyError, ValueError) as error:
        what = f"Decision {entry['id']} must be of type {entry['type']}, not '{text}'."
        raise TrialError(what, str(where), "a flag is Y or N") from error
    return text
