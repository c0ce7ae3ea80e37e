"""A study that starts from SDTM made elsewhere: its domains are read, not made; what rests on them is as ever.

Two kinds of node take the place of forms, mapping and recipes of SDTM: `read` is one data set as it was delivered
(all text), `taken` a domain as its spec says it, with the sheet of the study laid over it and the key of each record
leading to its place in the file.
"""

from __future__ import annotations

from pipeline.engine.mapping_sheets import MAPPING_TABLES, domain_forms
from pipeline.engine.node import READ, TAKEN, Graph, Node
from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import Delivery
from pipeline.intake.sdtm import SUBJECTS, files_by_domain
from pipeline.study.specs import Specs

SUPP, MODULE = "supp", "pipeline.engine.taken_domains"


def domains(specs: Specs) -> list[str]:
    """The SDTM data sets that people are handed, by the names of their specs."""
    return [name for name, spec in specs.datasets.items() if spec.layer == "sdtm" and not spec.intermediate]


def forms(specs: Specs) -> tuple[str, ...]:
    """The data sets that are read: those of the specs, and others that a sheet makes records of."""
    named = [form for domain in specs.mappings for form in domain_forms(specs, domain)]
    return tuple(dict.fromkeys([*(specs.datasets[name].dataset for name in domains(specs)), *named]))


def lacking(specs: Specs, delivery: Delivery) -> tuple[str, ...]:
    """The domains that no file holds and no sheet makes, and that study.yaml does not say are not collected.

    Raises TrialError where nobody is told: there is no DM.
    """
    there = files_by_domain(delivery, forms(specs))
    if SUBJECTS not in there and SUBJECTS.lower() not in specs.mappings:
        what = "This SDTM has no DM, so it has no subjects."
        raise TrialError(what, str(delivery.folder), "is it the right folder? check --extract or --sdtm")
    knowingly = {*specs.not_collected, *specs.mappings}
    return tuple(n for n in domains(specs) if specs.datasets[n].dataset not in there and n not in knowingly)


def sdtm_nodes(specs: Specs) -> list[Node]:
    """The nodes of what is read, and of every domain."""
    read = [Node(f"raw:{form}", READ, (), (), "pipeline.intake.sdtm", form) for form in forms(specs)]
    return [*read, *(_taken(name, specs) for name in domains(specs))]


def _taken(name: str, specs: Specs) -> Node:
    """The node of a domain: what its sheet names, itself, its qualifiers (for the keys) and the people of DM."""
    spec = specs.datasets[name]
    sheet = [path for path in (specs.mappings.get(name), specs.tests.get(name)) if path]
    supp = specs.datasets.get(f"{SUPP}{name}")
    named = [spec.dataset, *([supp.dataset] if supp else []), SUBJECTS, *domain_forms(specs, name)]
    needs = tuple(f"raw:{form}" for form in dict.fromkeys(named))
    tables = [table for table in MAPPING_TABLES if table in specs.tables]
    settings = ("study", "cutoff", "month_days", *tables)
    return Node(name, TAKEN, needs, settings, MODULE, name, (), (*spec.files, *sheet))


def withheld(specs: Specs, nodes: list[Node]) -> dict[str, str]:
    """What is not made because a dataset it needs is of a domain that the SDTM lacks, by name, with the reason."""
    made, found = {node.name for node in nodes}, dict[str, str]()
    for node in nodes:
        gone = next((need for need in node.needs if need not in made and need in specs.gone), "")
        if gone:
            roots = _roots(gone, specs)
            if {*roots} & {*specs.lacking}:
                told = " and ".join(root.upper() for root in roots)
                found[node.name] = f"It rests on {gone.upper()}, which is not made: the SDTM has no {told}."
    return found


def _roots(name: str, specs: Specs) -> list[str]:
    """The domain that a dataset is of in the end: ADCYT of ADLB of LB."""
    known = specs.gone | specs.datasets
    while name in known and known[name].of:
        name = known[name].of
    return [name]


def delivered_files(delivery: Delivery, specs: Specs, form: str) -> tuple[str, ...]:
    """The files that hold a data set."""
    return files_by_domain(delivery, forms(specs)).get(form, ())


def is_asked(name: str, graph: Graph, specs: Specs) -> bool:
    """True for a domain that an analysis dataset rests on."""
    datasets = specs.datasets
    layers = {node.name: datasets[node.dataset].layer for node in graph.values() if node.dataset in datasets}
    return any(name in node.needs and layers.get(node.name) == "adam" for node in graph.values())


def keys_node(graph: Graph, domain: str) -> str:
    """The node whose keys lead from records of a domain to lines of the delivery; '' where there is none."""
    mapped = f"{domain}_mapped"
    if mapped in graph:
        return mapped
    return domain if domain in graph and graph[domain].kind == TAKEN else ""
