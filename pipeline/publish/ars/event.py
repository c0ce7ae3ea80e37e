"""The reporting event: outputs with their displays, analyses with results, and all that these refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.engine.store import Json
from pipeline.ground.grammar import parsed
from pipeline.publish.ars.analyses import OPERATIONS, PURPOSE, Registry, plain_text, roles
from pipeline.publish.ars.conditions import expression, split
from pipeline.publish.ars.joined import Analysed, Shared, analysed, joined, numbered
from pipeline.publish.document import place

if TYPE_CHECKING:
    import pandas as pd

    from tlf.model import Page
    from tlf.shells import Shell

FILES = ("rtf", "pdf", "txt")
ROLE_OF = {"NUMERATOR": "n", "DENOMINATOR": "N"}


def reporting_event(
    results: pd.DataFrame, shells: Sequence[Shell], pages: Mapping[str, Page], study: str, run: str
) -> bytes:
    """All results as one ARS reporting event (JSON); `pages` say what stands around each output, by its number."""
    by_output = dict(list(results.groupby("OUTPUT", sort=False)))
    outputs = [_analysed(by_output[shell.output], shell) for shell in shells if shell.output in by_output]
    return b"".join(event(outputs, shells, pages, EventOf(study, run)))


def _analysed(results: pd.DataFrame, shell: Shell) -> Analysed:
    lines, referred = analysed(results, shell)
    return Analysed(shell.output, referred, lambda: (line.encode("utf-8", "surrogatepass") for line in lines))


class EventOf(NamedTuple):
    """Which study an event is of, and by which run."""

    study: str
    run: str


def event(
    outputs: Iterable[Analysed], shells: Sequence[Shell], pages: Mapping[str, Page], named: EventOf
) -> Iterator[bytes]:
    """The reporting event of what was analysed, in the order of the outputs' numbers, in pieces."""
    by_output = {shell.output: shell for shell in shells}
    ordered = sorted(outputs, key=lambda one: place(one.output))
    shared, ids = numbered(ordered)
    known = shared.known
    told: dict[str, Json] = {
        "id": named.study, "name": f"{named.study}: results of all outputs", "version": 1,
        "description": f"Run {named.run}", "mainListOfContents": _contents(ordered, pages),
        "analysisSets": _populations(known, shells), "dataSubsets": _subsets(shared),
        "analysisGroupings": [*_columns(known), *_by_variable(known)], "methods": _methods(known),
    }  # fmt: skip
    last: dict[str, Json] = {
        "outputs": [_output(by_output[one.output], pages[one.output]) for one in ordered],
        "terminologyExtensions": [_purpose()],
    }
    yield ("{" + ",".join(f'"{name}":{plain_text(one)}' for name, one in told.items()) + ',"analyses":').encode("utf-8")
    yield from joined(ordered, ids)
    yield ("".join(f',"{name}":{plain_text(one)}' for name, one in last.items()) + "}\n").encode("utf-8")


def _contents(outputs: Sequence[Analysed], pages: Mapping[str, Page]) -> dict[str, Json]:
    """The list of outputs, and below each its analyses in the order of the page."""
    items: list[Json] = []
    for order, one in enumerate(outputs, 1):
        below: list[Json] = [
            {"name": name, "level": 2, "order": n, "analysisId": id_}
            for n, (name, id_) in enumerate(one.referred.listed, 1)
        ]
        name = f"{one.output} {pages[one.output].titles[0]}"
        items.append({"name": name, "level": 1, "order": order, "outputId": one.output,
                      "sublist": {"listItems": below}})  # fmt: skip
    return {"name": "List of outputs", "contentsList": {"listItems": items}}


def _populations(known: Registry, shells: Sequence[Shell]) -> list[Json]:
    """The analysis sets by their clauses on ADSL, with the labels that outputs give them."""
    sets = [one for shell in shells for one in (shell.population, *shell.sets)]
    labels = {one.where: one.label for one in reversed(sets) if one.label}
    return [
        _conditioned(of, labels.get(where) or where or "All subjects", where, "ADSL", order)
        for order, (where, of) in enumerate(known.populations.items(), 1)
    ]


def _conditioned(of: str, name: str, where: str, dataset: str, order: int) -> dict[str, Json]:
    parts = (parsed(where).node,) if where else ()
    told = expression(parts, dataset)
    return {"id": of, "name": name, "level": 1, "order": order, **({"description": where} if where else {}), **told}


def _subsets(shared: Shared) -> list[Json]:
    return [
        {"id": of, "name": f"{dataset}, subset {order}", "level": 1, "order": order,
         "description": told, **shared.conditions[dataset, told]}
        for order, ((dataset, told), of) in enumerate(shared.known.subsets.items(), 1)
    ]  # fmt: skip


def _columns(known: Registry) -> list[Json]:
    """The columns of outputs as groups of subjects."""
    return [
        {"id": of, "name": "Columns", "dataDriven": False, "groupingDataset": "ADSL", "groups": [
            {"id": f"{of}.{name}", "name": label or name, "label": label or name, "level": 1, "order": order,
             **expression(split(where, "").rest, "ADSL")}
            for order, (name, label, where) in enumerate(columns, 1)]}
        for columns, of in known.columns.items()
    ]  # fmt: skip


def _by_variable(known: Registry) -> list[Json]:
    """Groups that the data make: by the value of a variable, by record or point in time where there is no dataset."""
    return [
        {"id": of, "name": f"{dataset}.{variable}".strip(".") or "Level", "dataDriven": True,
         **({"groupingDataset": dataset} if dataset else {}), **({"groupingVariable": variable} if variable else {})}
        for (dataset, variable), of in known.by.items()
    ]  # fmt: skip


def _methods(known: Registry) -> list[Json]:
    """The methods: what statistics were made together."""
    found: list[Json] = []
    for statistics, of in known.methods.items():
        operations: list[Json] = [
            {"id": f"{of}.{name}", "name": name, "label": OPERATIONS.get(name, name), "order": order,
             **({"referencedOperationRelationships": _ratio(of, statistics)}
                if name == "estimate" and roles(statistics) else {})}
            for order, name in enumerate(statistics, 1)
        ]  # fmt: skip
        found.append({"id": of, "name": ", ".join(statistics), "operations": operations})
    return found


def _ratio(of: str, statistics: tuple[str, ...]) -> list[Json]:
    return [
        {"id": f"{of}.{role}", "referencedOperationRole": {"controlledTerm": role},
         "operationId": f"{of}.{ROLE_OF[role]}"}
        for role in roles(statistics)
    ]  # fmt: skip


def _output(shell: Shell, page: Page) -> dict[str, Json]:
    """An output with its display and its files."""
    name = shell.output.lower().replace("-", "_").replace(".", "_")
    said = (("Title", page.titles), ("Footnote", page.footnotes))
    sections: list[Json] = [_section(shell.output, kind, texts) for kind, texts in said if any(texts)]
    display: dict[str, Json] = {"id": f"{shell.output}.display", "name": page.titles[0], "version": 1,
               "displayTitle": " ".join(page.titles), "displaySections": sections}  # fmt: skip
    return {
        "id": shell.output, "name": page.titles[0], "version": 1, "displays": [{"order": 1, "display": display}],
        "fileSpecifications": [
            {"name": f"{name}.{kind}", "location": f"tlf/{name}.{kind}", "fileType": {"controlledTerm": kind}}
            for kind in FILES
        ],
    }  # fmt: skip


def _section(output: str, kind: str, texts: Sequence[str]) -> dict[str, Json]:
    return {"sectionType": kind, "orderedSubSections": [
        {"order": order, "subSection": {"id": f"{output}.{kind}.{order}", "text": text}}
        for order, text in enumerate([one for one in texts if one], 1)]}  # fmt: skip


def _purpose() -> dict[str, Json]:
    """The plan does not class its analyses by outcome measure as ARS does."""
    term = {"id": PURPOSE["sponsorTermId"], "submissionValue": "AS PLANNED",
            "description": "An analysis of the plan, which names no class of outcome measure for it."}  # fmt: skip
    return {"id": "PURPOSES", "enumeration": "AnalysisPurposeEnum", "sponsorTerms": [term]}
