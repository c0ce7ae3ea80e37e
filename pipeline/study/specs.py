"""The `specs/` folders as frozen values: a study, its decisions, datasets, outputs, raw contracts and mapping sheets.

Files are only read here; what they mean to a derivation is decided where they are used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pipeline.ground.faults import FaultError, TrialError, part_of
from pipeline.ground.metadata import DatasetSpec, StudySettings
from pipeline.ground.words import did_you_mean
from pipeline.study import shapes
from pipeline.study.catalogue import Shelf, WrittenOutput, load_catalogue, load_shells
from pipeline.study.condition_slips import slips
from pipeline.study.conditions import with_declared, with_names
from pipeline.study.contracts import Contract, load_contracts
from pipeline.study.conventions import with_conventions
from pipeline.study.core import with_core
from pipeline.study.course import (
    ALIVE_SOURCES,
    BASELINES,
    DOSES,
    KINETICS,
    load_alive,
    load_baselines,
    load_doses,
    load_kinetics,
    with_baselines,
    with_doses,
    with_kinetics,
)
from pipeline.study.datasets import study_datasets, with_what_is_asked
from pipeline.study.decisions import Decision, load_decisions
from pipeline.study.declared import Declared, load_declared, spec_inputs_of
from pipeline.study.derivation import with_beside
from pipeline.study.design import ELEMENTS, load_elements
from pipeline.study.dlt import load_dlt
from pipeline.study.endpoint_folder import EndpointContext, read_folder
from pipeline.study.flags import with_flags
from pipeline.study.guide import with_permissible
from pipeline.study.links import load_links
from pipeline.study.named import Named, load_named, resolved
from pipeline.study.periods import with_named_periods, with_periods
from pipeline.study.pool import folder_of, settings_of_pool, studies_of, with_studies
from pipeline.study.profile import load_profile
from pipeline.study.responses import parameter_inputs, with_parameters
from pipeline.study.settings import load_settings, started_from
from pipeline.study.spec_input import SpecInput
from pipeline.study.toxicities import load_toxicities
from pipeline.study.toxicity_specs import told_toxicities, with_toxicities
from pipeline.study.visited import load_gathered
from pipeline.study.yaml_text import load_yaml
from tlf.shells import Shell, read

TERMINOLOGY, PRIMARY = "ct", "primary"
TESTS = "_tests"  # mapping/fa_tests.csv: the tests of FA, beside its sheet mapping/fa.csv


@dataclass(frozen=True)
class Output:
    """An output as it is written (its files, and where each part of it stands), and its shell in full."""

    written: WrittenOutput
    shell: Shell

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What goes wrong while it is made is told with the file, the line and the row (or other part) it is of."""
        try:
            yield
        except FaultError as error:
            raise type(error)(error.what, self._place(error), error.cure) from error
        except Exception as error:
            error.add_note(f"  where: {self._place(error)}")
            raise

    def _place(self, error: Exception) -> str:
        from tlf.lines import part_of_row

        (part, name), where = part_of(error), getattr(error, "where", "")
        return ", ".join(filter(None, (self.written.place(part or part_of_row(self.shell, where)), name or where)))


@dataclass(frozen=True)
class Specs:
    """All that `specs/standard` and `specs/<study>` say."""

    root: Path
    name: str
    study: StudySettings
    decisions: dict[str, Decision]
    datasets: dict[str, DatasetSpec]
    outputs: dict[str, Output]
    mappings: dict[str, Path]
    raw: dict[str, Path]
    contracts: dict[str, Contract]
    tables: dict[str, Path]
    additions: dict[str, Path] = field(default_factory=dict)
    tests: dict[str, Path] = field(default_factory=dict)
    named: Named = field(default_factory=Named)
    inputs: dict[str, SpecInput] = field(default_factory=dict)
    declared: Declared = field(default_factory=Declared)
    lacking: tuple[str, ...] = ()  # domains that an SDTM made elsewhere should have, in lower case
    gone: dict[str, DatasetSpec] = field(default_factory=dict)  # datasets of domains that the study does not have

    @cached_property
    def study_hash(self) -> str:
        """SHA-256 of what study.yaml says, on which nearly every product rests."""
        return hashlib.sha256(json.dumps(asdict(self.study), sort_keys=True).encode("utf-8")).hexdigest()

    @property
    def folder(self) -> Path:
        """The study's own folder."""
        return folder_of(self.root, self.name)

    @property
    def not_collected(self) -> tuple[str, ...]:
        """The standard domains that the study knowingly does not collect, in lower case."""
        return tuple(name.lower() for name in self.study.not_collected)

    def chosen(self, word: str) -> str:
        """A setting as a recipe takes it: in place of a decision between tables the table, else the word itself."""
        decision = self.decisions.get(word.upper())
        return decision.table if decision and decision.table else word

    def outputs_path(self, number: str) -> str:
        """The spec file of an output, from the root."""
        paths = [one.written.path for one in self.outputs.values() if one.shell.output == number]
        return str(paths[0].relative_to(self.root)) if paths else ""

    def table_files(self, name: str) -> list[Path]:
        """The file of a table, and the study's own when it adds to a standard one."""
        return [self.tables[name], *([self.additions[name]] if name in self.additions else [])]


def project_around(start: Path) -> Path | None:
    """The nearest folder upwards that holds `specs/standard`; None where there is none."""
    return next((folder for folder in (start, *start.parents) if (folder / "specs" / "standard").is_dir()), None)


def find_root(start: Path | None = None) -> Path:
    """The project around a folder (where you are), else the one that the program stands in. Raises TrialError."""
    start = (start or Path.cwd()).resolve()
    root = project_around(start) or project_around(Path(__file__).resolve().parents[2])
    if root:
        return root
    cure = "run inside the project or say --root FOLDER; begin one here: trial new-study NAME, or trial init"
    raise TrialError("No project is here.", str(start), cure)


def studies(root: Path) -> list[str]:
    """The names of all study folders."""
    return sorted(p.parent.name for p in (root / "specs").glob("*/study.yaml"))


def primary_study(root: Path) -> str:
    """The study that is built when none is named: the one whose study.yaml says `primary: true`, else the first."""
    names = studies(root)
    if not names:
        raise TrialError("No study has a folder yet.", str(root / "specs"), "make one: trial new-study NAME")
    told = {name: load_yaml(root / "specs" / name / "study.yaml") for name in names}
    marked = [name for name, said in told.items() if isinstance(said, dict) and said.get(PRIMARY) == "true"]
    return (marked or names)[0]


def _folder(root: Path, study: str) -> Path:
    """The folder of a study, or of a pool of several. Raises TrialError where there is none."""
    for name in studies_of(study) or (study,):
        if name not in studies(root):
            raise TrialError(f"Unknown study '{name}'.", str(root / "specs"), did_you_mean(name, studies(root)))
    return folder_of(root, study)


def load_specs(root: Path, study: str, source: str = "", lacking: tuple[str, ...] = ()) -> Specs:
    """Read the standard and one study's specs. Raises TrialError naming file and line.

    `source` is what the study is built from (raw, sdtm) where another is asked for than study.yaml says; `lacking` are
    the domains that an SDTM made elsewhere does not have.
    """
    standard, folder = root / "specs" / "standard", _folder(root, study)
    declared = load_declared(standard, folder)
    written, pooled = load_settings(folder / "study.yaml"), studies_of(study)
    written = settings_of_pool(written, root, pooled) if pooled else written
    settings = with_named_periods(started_from(written, source, lacking), declared)
    named = with_studies(load_named(standard, folder, declared), settings.pooled)
    contracts = _contracts(folder, settings)
    decisions, kinetics = load_decisions(standard, folder), load_kinetics(standard, folder, declared)
    doses, baselines = load_doses(standard, folder, declared), load_baselines(standard, folder, declared)
    known = study_datasets(standard, folder, settings.standards.get("sdtmig", ""))
    known = with_permissible(known, settings, standard)
    datasets, declared = _collected(known, settings, declared)
    told = read_folder(standard, folder, decisions, declared)
    datasets = with_kinetics(with_doses(datasets, doses.value(decisions)), kinetics.value(decisions))
    datasets = with_baselines(with_beside(datasets, told), baselines.value(decisions))
    sheets = _sheets(folder) if settings.source == written.source else {}
    whole = with_declared(datasets, declared)
    around = EndpointContext(named.sets, whole, decisions, settings, folder / "study.yaml")
    toxicities = told_toxicities(load_toxicities(standard, folder), whole, decisions, declared, settings)
    parameters = parameter_inputs(told, around)
    datasets = with_toxicities(with_parameters(datasets, told, around, parameters), toxicities.value(decisions))
    inputs = load_dlt(standard, folder, declared) | load_links(standard, folder, datasets)
    inputs |= load_gathered(datasets, sheets)
    inputs |= {"toxicities": toxicities, DOSES: doses, BASELINES: baselines, KINETICS: kinetics} | parameters
    inputs |= {ELEMENTS: load_elements(settings, folder / "study.yaml", declared)} | spec_inputs_of(declared)
    inputs |= {ALIVE_SOURCES: load_alive(standard, folder, datasets, declared)}
    datasets = with_flags(_with_declared(with_periods(datasets, settings), declared), settings, around.path)
    specs = Specs(root=root, name=study, study=settings, decisions=decisions, datasets=with_core(datasets, declared),
                  declared=declared, outputs=_outputs(standard, folder, named), named=named, inputs=inputs,
                  raw={contract.form: path for path, contract in contracts.items()}, mappings={},
                  contracts={contract.form: contract for contract in contracts.values()},
                  tables=_own_tables(folder) | _standard_tables(standard), lacking=lacking,
                  gone={name: spec for name, spec in known.items() if name not in datasets})  # fmt: skip
    return _with_tables(specs, sheets, standard)


def _with_tables(specs: Specs, sheets: dict[str, Path], standard: Path) -> Specs:
    """The specs with the study's sheets, tables of tests, tables that add to standard ones, and its profile."""
    return replace(
        specs,
        inputs=specs.inputs | load_profile(standard, specs.folder, specs.datasets, specs.declared),
        mappings={name: path for name, path in sheets.items() if not name.endswith(TESTS)},
        tests={name.removesuffix(TESTS): path for name, path in sheets.items() if name.endswith(TESTS)},
        additions={n: p for n, p in _own_tables(specs.folder).items() if n in _standard_tables(standard)},
    )


def _contracts(folder: Path, study: StudySettings) -> dict[Path, Contract]:
    """The raw contracts of a study that starts from raw forms; one from SDTM has none."""
    return {} if study.from_sdtm else load_contracts(folder / "raw")


def _sheets(folder: Path) -> dict[str, Path]:
    """The mapping sheets and tables of tests of a study, by their names in lower case."""
    return {p.stem.lower(): p for p in sorted((folder / "mapping").glob("*.csv"))}


def _collected(
    known: dict[str, DatasetSpec], study: StudySettings, declared: Declared
) -> tuple[dict[str, DatasetSpec], Declared]:
    """The datasets of what a study collects, and what is declared of them."""
    datasets = with_conventions(with_what_is_asked(known, study), study)
    return datasets, declared.collected({*known} - {*datasets})


def _with_declared(datasets: dict[str, DatasetSpec], declared: Declared) -> dict[str, DatasetSpec]:
    """The datasets with what is declared of their records. Raises TrialError naming file and line."""
    for name, slip in slips(declared, datasets):
        raise TrialError(f"{slip.what}.", declared.at(name, *slip.where), slip.cure)
    return with_names(with_declared(datasets, declared), declared)


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


def written_outputs(standard: Path, folder: Path, named: Named) -> Iterator[WrittenOutput]:
    """The outputs a study writes itself, and those its catalogue takes from the standard's shells."""
    own = _by_stem(folder / "tlf")
    yield from (WrittenOutput(shapes.load(path, shapes.OUTPUT), path, (path, *named.files)) for path in own.values())
    yield from load_catalogue(folder, own, Shelf(load_shells(standard), named))


def _outputs(standard: Path, folder: Path, named: Named) -> dict[str, Output]:
    """The study's outputs by name."""
    written = sorted(written_outputs(standard, folder, named), key=lambda one: one.name)
    shells = {one.name: read(resolved(one.content, named, one.place)) for one in written}
    return {one.name: Output(one, shells[one.name]) for one in written}
