"""What needs what: read from the parameter names of recipes, from mapping sheets and from the YAML of outputs.

Kinds of node: `raw` (one form), `mapped` (one SDTM domain's raw records), `recipe` (a dataset or a set),
`output` (the result rows of a table, listing or figure), `check` (an identity that must hold), `gate` (all checks
over the extract) and what is told of the products as a whole (pipeline/engine/audit.py). Everything else a recipe asks
for is a setting: a decision, the study, the data cut, a table.
"""

from __future__ import annotations

from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipeline.engine.audit import audit_nodes
from pipeline.engine.core import with_core
from pipeline.engine.from_sdtm import sdtm_nodes, withheld
from pipeline.engine.linked import linked_forms
from pipeline.engine.mapping_sheets import MAPPING_TABLES, domain_forms
from pipeline.engine.node import AT, GATE, MAPPED, Graph, Node
from pipeline.engine.partition import in_partitions
from pipeline.engine.periods import in_periods
from pipeline.engine.pool import pool_nodes
from pipeline.engine.recipes import is_setting, recipe_nodes, split
from pipeline.engine.several_sources import sources_node
from pipeline.ground import source
from pipeline.ground.faults import DefectError, TrialError
from pipeline.ground.words import did_you_mean
from pipeline.study.specs import Specs
from tlf.rows.kinds import OF_FAMILY


def build_graph(specs: Specs, partitions: int = 1) -> Graph:
    """All nodes of a study, for so many partitions. Raises TrialError for what nobody makes, saying who needed it."""
    return graph_and_withheld(specs, partitions)[0]


def graph_and_withheld(specs: Specs, partitions: int = 1) -> tuple[Graph, dict[str, str]]:
    """All nodes of a study, and what is not made since its SDTM lacks a domain, with the reason. Raises TrialError."""
    if specs.study.pooled:
        return {node.name: node for node in (*pool_nodes(specs), *_output_nodes(specs))}, {}
    begun = sdtm_nodes(specs) if specs.study.from_sdtm else [*_raw_nodes(specs), *_mapped_nodes(specs)]
    nodes = [*begun, *recipe_nodes(specs), *_output_nodes(specs), *_check_nodes(specs), _gate_node(specs)]
    nodes = with_core(in_periods(nodes, specs), specs)
    nodes += audit_nodes(nodes, specs)
    left_out = withheld(specs, nodes)
    graph = {node.name: node for node in in_partitions([n for n in nodes if n.name not in left_out], specs, partitions)}
    for node in graph.values():
        for need in node.needs:
            if need not in graph:
                what = f"Nobody makes '{need}', which {node.name} needs."
                raise TrialError(what, _place(node), did_you_mean(need, graph))
    return graph, left_out


def order(graph: Graph, targets: list[str] | None = None) -> list[str]:
    """Node names in the order of making; only what the targets need when some are given. Raises TrialError."""
    wanted = upstream(graph, targets) if targets else set(graph)
    try:
        sequence = TopologicalSorter({n: sorted(graph[n].needs) for n in sorted(wanted)}).static_order()
        return [name for name in sequence if name in wanted]
    except CycleError as error:
        circle = " needs ".join(reversed(error.args[1]))
        for need, name in zip(error.args[1], error.args[1][1:], strict=False):
            if need.partition(AT)[0] in (*graph[name].named, *graph[name].beside):
                what = f"A spec names {need} for {name}, but {circle}."
                raise TrialError(what, str(graph[name].files[-1]), "name a dataset that is made before it") from error
        raise DefectError(f"Recipes need each other in a circle: {circle}.", "", "split one of them") from error


def with_sources(graph: Graph, targets: list[str]) -> list[str]:
    """The order of the targets, all they need, and the records behind what of this rests on several."""
    asked = order(graph, targets)
    return order(graph, [*asked, *(node for name in asked if (node := sources_node(name)) in graph)])


def upstream(graph: Graph, targets: list[str]) -> set[str]:
    """The targets and all they need."""
    todo, seen = list(targets), set()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(graph[name].needs)
    return seen


def rests_on(graph: Graph, name: str, domains: Collection[str]) -> list[str]:
    """Those of the domains that something rests on, in upper case."""
    above = upstream(graph, [name]) if domains and name in graph else set()
    return [domain.upper() for domain in domains if domain in above]


def downstream(graph: Graph, sources: set[str]) -> list[str]:
    """All nodes that change when one of the sources (nodes or settings) changes, in the order of making."""
    changed: list[str] = []
    for name in order(graph):
        node = graph[name]
        if name in sources or (set(node.needs) | set(node.settings)) & (sources | set(changed)):
            changed.append(name)
    return changed


def resolve(graph: Graph, word: str) -> str:
    """The node a user means: `adrs`, `ADRS`, `t_14_2_1` or `T-14.2.1`. Raises TrialError."""
    plain = word.strip().lower()
    for candidate in (word, plain, plain.replace("-", "_").replace(".", "_"), f"raw:{word.upper()}"):
        if candidate in graph:
            return candidate
    names = [n for n in graph if ":" not in n and AT not in n and not n.endswith(MAPPED)]  # what people name
    near = did_you_mean(plain.replace("-", "_").replace(".", "_"), names)
    raise TrialError(f"Unknown target '{word}'.", "", near)


def _place(node: Node) -> str:
    return str(node.files[0]) if node.files else f"specs, {node.name}"


def _raw_nodes(specs: Specs) -> list[Node]:
    roster = specs.study.subjects
    nodes = []
    for form, path in specs.raw.items():
        shared = tuple(p for p in (path.parent / "_system.yaml", path.parent / "_codelists.csv") if p.exists())
        needs = () if form == roster or roster not in specs.raw else (f"raw:{roster}",)
        nodes.append(Node(f"raw:{form}", "raw", needs, (), "pipeline.intake.records", form, (), (path, *shared)))
    return nodes


def _mapped_nodes(specs: Specs) -> list[Node]:
    """One node per SDTM domain that is mapped, and empty ones for standard domains the study does not collect."""
    nodes = []
    wanted = _wanted_domains(specs)
    _all_told(specs, wanted)
    for domain in sorted({*specs.mappings, *wanted}):
        sheets = [path for path in (specs.mappings.get(domain), specs.tests.get(domain)) if path]
        forms = domain_forms(specs, domain)
        unknown = [f for f in forms if f not in specs.raw]
        if unknown:
            cure = did_you_mean(unknown[0], specs.raw)
            raise TrialError(f"The mapping sheet names the unknown form '{unknown[0]}'.", str(sheets[0]), cure)
        told = [specs.datasets[d] for d in (domain, f"supp{domain}") if d in specs.datasets]
        settings = ("study", "cutoff", "month_days", *[t for t in MAPPING_TABLES if t in specs.tables])
        wanted_forms = [*forms, *linked_forms(specs, domain), *_subject_forms(specs)] if forms else []
        needs = tuple(f"raw:{form}" for form in dict.fromkeys(wanted_forms))
        files = [*sheets, *(path for spec in told for path in spec.files), *_contracts(specs, wanted_forms)]
        module = "pipeline.engine.mapping_run"
        nodes.append(Node(domain + MAPPED, "mapped", needs, settings, module, domain, (), tuple(files)))
    return nodes


def _contracts(specs: Specs, forms: list[str]) -> list[Path]:
    """The raw contracts of forms, by whose types conditions compare numbers; once each."""
    paths = [path for form in forms if form in specs.raw
             for path in (specs.raw[form], specs.raw[form].parent / "_system.yaml")]  # fmt: skip
    return [path for path in dict.fromkeys(paths) if path.exists()]


def _all_told(specs: Specs, wanted: set[str]) -> None:
    """A domain has a mapping sheet, or study.yaml says that it is not collected: never is it empty in silence.

    A domain that no other dataset is made of needs neither: it is there where a sheet fills it.
    Raises TrialError for a domain of which neither is said, or both, and for subjects (DM) not collected.
    """
    told, place = f"{specs.folder / 'study.yaml'}, not_collected", specs.folder / "mapping"
    for domain in specs.not_collected:
        if domain not in wanted or domain == "dm":
            cure = did_you_mean(domain, wanted - {"dm", *specs.mappings})
            raise TrialError(f"The domain {domain.upper()} cannot be left uncollected.", told, cure)
        if domain in specs.mappings:
            cure = f"take it out of the list, or remove {domain}.csv"
            raise TrialError(f"The domain {domain.upper()} is not collected, but has a mapping sheet.", told, cure)
    for domain in sorted(_asked_domains(specs) - set(specs.not_collected)):
        if domain not in specs.mappings:
            cure = "restore it" + (f", or say in study.yaml: not_collected: [{domain}]" if domain != "dm" else "")
            what = f"The domain {domain.upper()} has no mapping sheet; all its records would be lost."
            raise TrialError(what, str(place / f"{domain}.csv"), cure)
    for domain in sorted(set(specs.tests) - set(specs.mappings)):
        what = f"The tests of {domain.upper()} have no mapping sheet beside them; all its records would be lost."
        raise TrialError(what, str(specs.tests[domain]), f"write {domain}.csv, with what its tests share in block *")


def _subject_forms(specs: Specs) -> list[str]:
    """The forms that tell who is in the study, since when, who died and from when days are counted."""
    places = [place for word, named in specs.study.places.items() if word != "consent" for place in named]
    return [form for form in dict.fromkeys(place.split(".")[0] for place in places) if form in specs.raw]


def _wanted_domains(specs: Specs) -> set[str]:
    words = {need for node in recipe_nodes(specs) for need in node.needs}
    return {word.removesuffix(MAPPED) for word in words if word.endswith(MAPPED)}


def _asked_domains(specs: Specs) -> set[str]:
    """The domains that anything but their own dataset and its qualifiers needs, those of the parts of a course too.

    What lies between (reference ranges) is no domain of the SDTM: a study that is not delivered such says nothing.
    """
    asked = {need.removesuffix(MAPPED) for node in recipe_nodes(specs) for need in node.needs
             if need.removesuffix(MAPPED) not in (node.name, node.name.removeprefix("supp"))}  # fmt: skip
    asked = {name for name in asked if name not in specs.datasets or not specs.datasets[name].intermediate}
    return asked & _wanted_domains(specs)


def _output_nodes(specs: Specs) -> list[Node]:
    nodes = []
    for name, output in specs.outputs.items():
        written, shell = output.written, output.shell
        module = f"tlf.templates.{shell.family}"
        if shell.family not in OF_FAMILY:
            cure = did_you_mean(shell.family, OF_FAMILY)
            raise TrialError(f"Unknown family '{shell.family}'.", written.place(("family",)), cure)
        needs, tables = shell.datasets, shell.tables
        asked = tuple(d.lower() for d in dict.fromkeys((*shell.decisions, *shell.needed)))
        unknown = [d for d in asked if d.upper() not in specs.decisions]
        if unknown:
            cure = did_you_mean(unknown[0].upper(), specs.decisions)
            raise TrialError(f"Unknown decision '{unknown[0].upper()}'.", written.place(("decisions",)), cure)
        lost = [t for t in tables if t not in specs.tables]
        if lost:
            cure = did_you_mean(lost[0], specs.tables)
            raise TrialError(f"Unknown table '{lost[0]}'.", written.place(("tables",)), cure)
        settings = (*asked, *tables, "study")
        nodes.append(Node(name, "output", needs, settings, module, "entries", (), written.files))
    return nodes


def _check_nodes(specs: Specs) -> list[Node]:
    """The identities of adam/identities.py whose datasets this study makes."""
    nodes, module = [], "adam.identities"
    files = tuple(path for path in (specs.folder / "accepted.csv",) if path.exists())
    for name, parameters in source.functions(module).items():
        if all(word in specs.datasets or is_setting(word, specs) for word in parameters):
            needs, settings = split(name, module, parameters, specs)
            settings = tuple(dict.fromkeys((*settings, "cutoff")))  # an acceptance holds on a day
            nodes.append(Node(f"check:{name}", "check", needs, settings, module, name, parameters, files))
    return nodes


def _gate_node(specs: Specs) -> Node:
    """The checks of the whole extract: of the raw records of every form, and of the delivery itself."""
    folders = (specs.root / "specs" / "standard" / "checks", specs.folder / "checks")
    files = [p for folder in folders for p in sorted(folder.glob("*.*"))]
    own = [specs.folder / name for name in ("accepted.csv", "sites.yaml", "milestones.yaml")]
    files += [p for p in (*own, specs.root / "specs" / "standard" / "milestones.yaml") if p.exists()]
    needs = () if specs.study.from_sdtm else tuple(f"raw:{form}" for form in specs.raw)
    settings = ("study", "cutoff", *[t for t in ("visits", "ct", "units", "links") if t in specs.tables])
    told = (*files, *gate_parts_files(specs))
    return Node(GATE, GATE, needs, settings, "pipeline.gate.step", "open_findings", (), told)


def gate_parts_files(specs: Specs) -> list[Path]:
    """The files that every part of the gate rests on: raw contracts, mapping, the variables of domains."""
    variables = [path for spec in specs.datasets.values() if spec.layer == "sdtm" for path in spec.files]
    contracts = sorted((specs.folder / "raw").glob("*.*"))
    return [*dict.fromkeys([*contracts, *specs.mappings.values(), *specs.tests.values(), *variables])]
