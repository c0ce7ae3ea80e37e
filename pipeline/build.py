"""The whole way: extract, SDTM, ADaM, outputs, pages; told by stage, published whole, summed up at the end."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import products
from pipeline.cutoff import data_cut
from pipeline.delivery import find_extract, open_delivery
from pipeline.graph import GATE, build_graph, order, resolve
from pipeline.ground.faults import EXIT_FINDINGS, FaultError, TrialError
from pipeline.lint.before import check_specs
from pipeline.log import Log
from pipeline.pages import status_line
from pipeline.parallel import Workers, workers
from pipeline.runner import Build
from pipeline.specs import Specs, find_root, load_specs
from pipeline.store import Cache, check_target, leftovers, recover
from pipeline.summary import summarize, summary_text

PRIMARY = "primary"
STAGES = (
    ("Extract", ("raw",)),
    ("SDTM", ("mapped", "sdtm")),
    ("ADaM", ("adam",)),
    ("Outputs", ("output",)),
    ("Identities", ("check",)),
)


@dataclass(frozen=True)
class Request:
    """What the user asked for; empty means the default."""

    study: str = ""
    extract: str = ""
    cutoff: str = ""
    out: str = ""
    root: str = ""
    targets: tuple[str, ...] = ()
    fail_on: str = ""
    quiet: bool = False


def primary_study(root: Path) -> str:
    """The study that is built when none is named: the one whose study.yaml says `primary: true`, else the first."""
    from pipeline.specs import studies
    from pipeline.yaml_text import load_mapping

    names = studies(root)
    if not names:
        raise TrialError("No study has a folder yet.", str(root / "specs"), "make one: trial new-study NAME")
    marked = [n for n in names if load_mapping(root / "specs" / n / "study.yaml").get(PRIMARY) == "true"]
    return (marked or names)[0]


def place(request: Request) -> tuple[Specs, Path]:
    """The specs of the study asked for, and the folder its products go to. Raises TrialError."""
    root = find_root(Path(request.root) if request.root else None)
    specs = load_specs(root, request.study or primary_study(root))
    out = Path(request.out).resolve() if request.out else root / "output" / specs.name
    check_target(out)
    return specs, out


def prepare(request: Request, specs: Specs, out: Path) -> Build:
    """Delivery, data cut, graph and cache of a request. Raises TrialError."""
    folder = Path(request.extract) if request.extract else find_extract(specs.root, specs.name, specs.study)
    delivery = open_delivery(folder.resolve())
    cutoff, named = data_cut(request.cutoff, delivery, specs)
    return Build(specs, delivery, cutoff, build_graph(specs), cache_of(out), cut_named=named)


def cache_of(out: Path) -> Cache:
    """Where things made for these products are kept: beside them, under a hidden name."""
    return Cache(out.with_name(f".{out.name}.cache"))


def opened(request: Request) -> Build:
    """A build to look into, as `trial trace` and `trial impact` do. Raises TrialError."""
    return prepare(request, *place(request))


def run(request: Request) -> int:
    """Build what was asked for; the exit code. Raises TrialError."""
    specs, out = place(request)
    told = check_specs(specs.root, specs.name, cache_of(out).folder)
    recover(out)
    log = Log(cache_of(out).folder / "trial.log", request.quiet)
    if told:
        log.say(told)
    try:
        return _run(prepare(request, specs, out), out, request, log)
    except FaultError as error:
        log.note(error.text())
        raise
    finally:
        content = log.close()
        (out / "log").mkdir(parents=True, exist_ok=True)
        (out / "log" / "trial.log").write_bytes(content)
        for path in leftovers(out):
            shutil.rmtree(path, ignore_errors=True)


def _run(build: Build, out: Path, request: Request, log: Log) -> int:
    specs = build.specs
    study = specs.study.get("study", specs.name)
    log.say(f"{study}: extract {build.delivery.name}, data cut {build.cut_named}", "bold")
    targets = [resolve(build.graph, word) for word in request.targets]
    names = [n for n in order(build.graph, targets or None) if n != GATE]
    with workers(build) as crew:
        if not targets:
            crew.begin(GATE)
        for stage, kinds in STAGES:
            chosen = [n for n in names if _kind(build, n) in kinds]
            _stage(build, log, stage, chosen, crew.make(chosen))
            if stage == "Extract" and request.fail_on:
                _gate(build, log, crew, targets)
                _stop_at(build, request.fail_on)
        _gate(build, log, crew, targets)
        return _finish(build, out, log, crew)


def _gate(build: Build, log: Log, crew: Workers, targets: list[str]) -> None:
    """Wait for the checks of the extract; a build of a few targets goes without them."""
    if not targets and (GATE in crew.begun or GATE not in build.entries):
        _stage(build, log, "Gate", [GATE], crew.finish(GATE))


def _kind(build: Build, name: str) -> str:
    kind = build.graph[name].kind
    return build.specs.datasets[name].layer if kind == "recipe" else kind


def _stage(build: Build, log: Log, stage: str, names: list[str], making: Iterator[tuple[str, float]]) -> None:
    """Run one stage and say what it made."""
    if not names:
        return
    started, made = time.perf_counter(), 0
    for name, seconds in making:
        made += 1
        log.note(f"made {name}: {build.entries[name].get('records', '')} records, {seconds:.3f} s")
    records = sum(build.entries[n].get("records", 0) for n in names if n in build.entries)
    what = f"{len(names)} made of {records:,} records" if made == len(names) else f"{made} of {len(names)} made anew"
    log.stage(stage, what if made else f"{len(names)} unchanged", time.perf_counter() - started)


def _stop_at(build: Build, fail_on: str) -> None:
    """Stop after the gate when findings reach the severity the user named. Raises TrialError."""
    if not fail_on:
        return
    severities = ("critical", "major", "minor", "info")
    if fail_on not in severities:
        raise TrialError(f"Unknown severity '{fail_on}'.", "FAIL_ON", f"one of {', '.join(severities)}")
    counts = products.findings_entry(build)["counts"]
    reached = sum(counts[s] for s in severities[: severities.index(fail_on) + 1])
    if reached:
        what = f"{reached} findings of the gate are {fail_on} or worse; no outputs were made, as FAIL_ON asked."
        raise TrialError(what, build.delivery.name, "see them with: make validate (or trial validate)", EXIT_FINDINGS)


def _finish(build: Build, out: Path, log: Log, crew: Workers) -> int:
    """Render the pages and publish, or find that all is in place already."""
    outputs = [n for n in build.specs.outputs if n in build.entries]
    findings = products.findings_entry(build)
    status = status_line(findings["counts"], findings["further"])
    _stage(build, log, "Pages", outputs, crew.pages(outputs, status))
    digest = products.build_digest(build)
    manifest = products.current_manifest(out, digest)
    if manifest is None:
        started = time.perf_counter()
        manifest = products.assemble(build, out, digest, summarize(build, findings))
        log.stage("Published", f"{len(manifest['files'])} files", time.perf_counter() - started)
    else:
        log.say("  All products are up to date; nothing was written.")
    log.say()
    log.say(summary_text(manifest, out, build.specs))
    return 0
