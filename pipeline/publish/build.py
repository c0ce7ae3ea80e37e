"""The whole way: extract, SDTM, ADaM, outputs, pages; told by stage, published whole, summed up at the end."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.engine.audit import AUDITS
from pipeline.engine.core import with_handed
from pipeline.engine.fields_found import forms_to_look_at, kept_as, known, look_at
from pipeline.engine.from_sdtm import lacking
from pipeline.engine.graph import GATE, graph_and_withheld, order, resolve, with_sources
from pipeline.engine.parallel import Workers, check_engine, workers
from pipeline.engine.partition import partitions_of
from pipeline.engine.runner import Build
from pipeline.engine.store import Cache
from pipeline.ground.faults import EXIT_FINDINGS, FaultError, TrialError
from pipeline.ground.machine import partitions_told
from pipeline.ground.severity import reaching
from pipeline.intake.cutoff import LATEST, NoCutError, data_cut, late_cut
from pipeline.intake.delivery import Delivery, check_study, find_extract, open_delivery
from pipeline.lint.before import DOUBT, check_specs
from pipeline.publish import products
from pipeline.publish.document import NAME
from pipeline.publish.early import Early
from pipeline.publish.findings_made import ALL, findings_made, look
from pipeline.publish.folders import looked_at
from pipeline.publish.lineage_file import lineage_nodes
from pipeline.publish.log import Log, earlier_log, tell_altered
from pipeline.publish.manifest import ProductManifest, published
from pipeline.publish.pages import pages_node
from pipeline.publish.place import check_target, held, in_words, older_exports
from pipeline.publish.pool import pooled
from pipeline.publish.rendering import Rendering
from pipeline.publish.results_file import EVENT, KEPT
from pipeline.publish.results_pieces import piece_node
from pipeline.publish.review_step import DATA, NO_FOLDERS, REVIEW, Folders, Reviewing, Wanted, page_node
from pipeline.publish.stages import STAGES, kind_of, run_stage, tell_taken
from pipeline.publish.stale_products import NOTHING, rest_of
from pipeline.publish.standing import StandingProducts, standing
from pipeline.publish.summary import summarize, summary_text
from pipeline.publish.swap import hidden, recover
from pipeline.publish.unchanged import UP_TO_DATE, Again
from pipeline.study.specs import Specs, find_root, load_specs, primary_study


@dataclass(frozen=True)
class Request:
    """What the user asked for; empty means the default. `review` makes the site, which tells of `folders` too.

    What the build says is kept for the same question `again`, what it knows for a page that is wanted `early`.
    """

    study: str = ""
    extract: str = ""
    cutoff: str = ""
    out: str = ""
    root: str = ""
    targets: tuple[str, ...] = ()
    fail_on: str = ""
    quiet: bool = False
    final: bool = False
    sdtm: str = ""
    review: Wanted = None
    folders: Folders = NO_FOLDERS
    engine: str = ""
    again: Again | None = None
    early: Early | None = None


def place(request: Request) -> tuple[Specs, Path]:
    """The specs of the study asked for, and the folder its products go to. Raises TrialError."""
    root = find_root(Path(request.root) if request.root else None)
    if request.sdtm and request.extract:
        raise TrialError("An extract and an SDTM are both named.", request.sdtm, "say --extract or --sdtm")
    specs = load_specs(root, request.study or primary_study(root), "sdtm" if request.sdtm else "")
    if request.final:
        specs = replace(specs, study=replace(specs.study, status="final"))
    return specs, (Path(request.out) if request.out else root / "output" / specs.name).resolve()


def prepare(request: Request, specs: Specs, out: Path) -> Build:
    """Delivery, data cut, graph and cache of a request. Raises TrialError."""
    if specs.study.pooled:
        return pooled(specs, builds_of(request, specs.root), cache_of(out))
    delivery = open_delivery(delivered_at(request, specs).resolve())
    if specs.study.from_sdtm:
        specs = without_lacking(specs, delivery)
    else:
        check_study(delivery, specs.contracts.values())
    cutoff, named = data_cut(request.cutoff, delivery, specs)
    graph, withheld = graph_and_withheld(specs, partitions_told() or partitions_of(delivery))
    return Build(specs, delivery, cutoff, graph, cache_of(out), cut_named=named, failed=withheld)


def builds_of(request: Request, root: Path) -> Path:
    """Where the builds lie that a pool is made of: the folder named as extract, else the products of all studies."""
    return Path(request.extract).resolve() if request.extract else root / "output"


def delivered_at(request: Request, specs: Specs) -> Path:
    """The extract or SDTM asked for, else the newest of the study. Raises TrialError."""
    asked = request.sdtm or request.extract
    return Path(asked) if asked else find_extract(specs.root, specs.name, specs.study.data)


def without_lacking(specs: Specs, delivery: Delivery) -> Specs:
    """The specs of a study whose SDTM lacks domains: what is of them is not made. Raises TrialError without DM."""
    lost = lacking(specs, delivery)
    told = load_specs(specs.root, specs.name, specs.study.source, lost) if lost else specs
    return replace(told, study=replace(told.study, status=specs.study.status))


def cache_of(out: Path) -> Cache:
    """Where things made for these products are kept: hidden beside them, or within them when they are a mount."""
    return Cache(hidden(out, "cache"))


def opened(request: Request, undated: bool = False) -> Build:
    """A build to look into, as `trial trace` and `trial impact` do; of a pool, its studies too. Raises TrialError."""
    build = as_built(request, *place(request), undated)
    home, folders = builds_of(request, build.specs.root), {one: name for name, one in build.specs.study.pooled.items()}
    part = cache(lambda study: opened(Request(folders[study], root=request.root, out=str(home / folders[study]))))
    return replace(build, part=part) if folders else build


def as_built(request: Request, specs: Specs, out: Path, undated: bool = False) -> Build:
    """As `prepare`, with the data cut of the products in OUT where nobody says one; `undated` needs none at all."""
    try:
        return prepare(request, specs, out)
    except NoCutError:
        if known := published(out).get("cutoff") or (LATEST if undated else ""):
            return prepare(replace(request, cutoff=known), specs, out)
        raise


def run(request: Request) -> int:
    """Build what was asked for; the exit code. Raises TrialError."""
    reaching(request.fail_on)
    check_engine(request.engine)
    read = request.again.read() if request.again else ""
    specs, out = place(request)
    named = "" if specs.study.pooled else request.sdtm or request.extract
    extract = Path(named).resolve() if named else None
    with in_words(out):
        check_target(out, specs.root, extract, specs.study.study)
        request = replace(request, folders=looked_at(request.folders, out, specs.study.study))
        loaded = None if request.sdtm or request.final else specs
        told = "" if specs.study.pooled else check_specs(specs.root, specs.name, cache_of(out).folder, loaded)
        with held(out, "trial build"):
            return _logged(request, specs, out, (told, read))


def _logged(request: Request, specs: Specs, out: Path, known: tuple[str, str]) -> int:
    """The run with its log, which lies in OUT whatever the end; it knows what lint warns of, and what it reads."""
    told, read = known
    mended = recover(out)
    log = Log(cache_of(out).folder / "trial.log", request.quiet, earlier_log(out))
    if mended:
        log.say("  An earlier run was cut off while it published; its products are whole again.")
    if told:
        log.say(told)
    try:
        build = prepare(request, specs, out)
        code = _run(build, out, request, log)
        usual = not (code or mended or DOUBT in told or build.cache.doubts)
        if request.again and usual and request.again.holds(build.delivery.folder):
            request.again.keep(read, "\n".join(text for text in log.said if text != UP_TO_DATE))
        return code
    except (FaultError, OSError) as error:
        log.note(error.text() if isinstance(error, FaultError) else str(error))
        raise
    finally:
        content = log.close()
        with contextlib.suppress(OSError):
            (out / "log").mkdir(parents=True, exist_ok=True)
            (out / "log" / "trial.log").write_bytes(content)


def _run(build: Build, out: Path, request: Request, log: Log) -> int:
    specs = build.specs
    study = specs.study.study
    log.say(f"{study}: extract {build.delivery.name}, data cut {build.cut_named}", "bold")
    if warned := late_cut(build.cutoff, build.delivery):
        log.say(warned)
    targets = [_target(build, word) for word in request.targets]
    stood = standing(out, build.cache.signs)
    tell_altered(log, [*stood.altered], targets)
    targets = [] if stood.altered else targets
    wanted = with_handed(with_sources(build.graph, targets), build.graph) if targets else None
    gate = GATE in build.graph and (not targets or bool(request.fail_on))
    asked = [*wanted, *([GATE] if gate else [])] if wanted else None
    kinds = {name: kind_of(build, name) for name in order(build.graph, asked) if name != GATE}
    with workers(build, request.engine) as crew:
        for stage, made in STAGES:
            chosen = [name for name, kind in kinds.items() if kind in made]
            run_stage(build, log, stage, chosen, crew.make(chosen))
            if stage == "ADaM":  # all that audits tell of: they are made beside the outputs
                for name in [name for name, kind in kinds.items() if kind in AUDITS]:
                    crew.begin(name)
            if stage == "Extract":
                _stop_without_subjects(build)
                if gate:
                    crew.begin(GATE)
                _gate(build, log, crew, gate and bool(request.fail_on))
                _stop_at(build, request.fail_on)
        _gate(build, log, crew, gate)
        code = _finish(build, stood, log, crew, stood.manifest if targets else {}, request)
    tell_taken(log, crew.taken, alone=crew.pool is None)
    return code


def _target(build: Build, word: str) -> str:
    """The node a user means. Raises TrialError, also for what is not made since the SDTM lacks its domain."""
    plain = word.strip().lower().replace("-", "_").replace(".", "_")
    if plain in build.failed:
        raise TrialError(f"{word} is not made. {build.failed[plain]}", build.delivery.name, "ask for the domain")
    return resolve(build.graph, word)


def _stop_without_subjects(build: Build) -> None:
    """Raises TrialError when nobody is in the study: empty tables would replace good ones."""
    form = build.specs.study.subjects
    if f"raw:{form}" in build.entries and build.entries[f"raw:{form}"].records == 0:
        what = f"The extract has no subject: the form {form} has no usable record. Nothing was published."
        raise TrialError(what, build.delivery.name, "look at the file, and at what is wrong with it: make validate")


def _gate(build: Build, log: Log, crew: Workers, wanted: bool) -> None:
    """Wait for the checks of the extract; a build of a few targets goes without them."""
    if wanted and (GATE in crew.begun or GATE not in build.entries):
        run_stage(build, log, "Gate", [GATE], crew.finish(GATE))


def _stop_at(build: Build, fail_on: str) -> None:
    """Stop after the gate when findings reach the severity the user named. Raises TrialError."""
    counts = findings_made(build)[1].counts if fail_on else {}
    reached = sum(counts[severity] for severity in reaching(fail_on))
    if reached:
        what = f"{reached} findings of the gate are {fail_on} or worse; no outputs were made, as FAIL_ON asked."
        raise TrialError(what, build.delivery.name, "see them with: make validate (or trial validate)", EXIT_FINDINGS)


def _finish(
    build: Build, stood: StandingProducts, log: Log, crew: Workers, before: ProductManifest, request: Request
) -> int:
    """Render the pages and publish, or find that all is in place already; `before` is what a build of few leaves."""
    out = stood.out
    whole = build.with_what_is_known() if before or GATE not in build.entries else build
    _look_at_fields(whole, crew)
    looked = look(whole)
    rendering = Rendering(build, crew, looked.status, document=not before)
    reviewing = Reviewing(build, looked, crew, None if before else request.review, request.folders)
    run_stage(build, log, "Pages", rendering.outputs, rendering.pages(reviewing.beside))
    wanted = build.made and not before
    results = crew.timed("Files of results", products.results_of, dict(build.entries)) if wanted else None
    rendering.finish(log)
    reviewing.finish(log)
    rest = rest_of(build, whole, before, looked, request.folders) if before else NOTHING
    if before and products.nothing_is_left(build, whole, looked, rest):
        build, rest = whole, NOTHING
    digest = products.build_digest(build, looked, rest)
    stands = standing(stood.out, build.cache.signs)
    manifest = stands.manifest
    if manifest.get("build") != digest or stands.altered:
        started = time.perf_counter()
        summary = summarize(build, looked, rest)
        made = results.result() if results and not results.exception() else None
        manifest = products.assemble(build, stands, digest, summary, looked, rest, made)
        log.stage("Published", f"{len(manifest['files'])} files{older_exports(out)}", time.perf_counter() - started)
    else:
        log.say(UP_TO_DATE)
    _tell(build, log, manifest, out)
    if request.early and looked.scope == ALL and not build.failed:
        request.early.keep(whole, looked)
    return EXIT_FINDINGS if build.failed else 0


def _look_at_fields(build: Build, crew: Workers) -> None:
    """Look at the fields of the forms that were read, where the gate did not; what fails is looked at with them all."""
    todo = [name for name in forms_to_look_at(build) if not known(build, name)]
    begun = [crew.timed(f"Fields of {name}", look_at, name, build.entries[name], count=len(todo)) for name in todo]
    for one in begun:
        one.exception()


def _tell(build: Build, log: Log, manifest: ProductManifest, out: Path) -> None:
    """The summary, with what could not be believed or made; the cache is rid of what nobody asks for."""
    log.say()
    log.say(summary_text(manifest, out, build.specs))
    for node, doubt in sorted(build.cache.doubts.items()):
        log.say(f"Made anew  {node}: {doubt}.", "yellow")
    beside = [of(name) for name in (*build.specs.outputs, NAME) for of in (pages_node, page_node)]
    beside += [kept_as(name) for name in build.graph]
    beside += [piece_node(one.shell.output) for one in build.specs.outputs.values()] + lineage_nodes(build.specs)
    for name in build.cache.sweep([*build.graph, *beside, "findings", KEPT, EVENT, DATA, REVIEW]):
        log.note(f"removed from the cache: {name}")
