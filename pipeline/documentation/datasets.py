"""Every dataset that people are handed, variable by variable, as the specs of the example study have it."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.manual.markdown import code, table
from pipeline.study.specs import Specs

HEAD = ("Variable", "Label", "Type", "Core", "Codelist", "How it is made")


def of_layer(specs: Specs, layer: str) -> Iterator[str]:
    """The datasets of SDTM or of ADaM in the order of their names: grain, keys, variables, parameters."""
    found = [one for one in specs.datasets.values() if one.layer == layer and not one.intermediate]
    for one in sorted(found, key=lambda spec: spec.dataset):
        yield f"## {one.dataset} {one.label}"
        yield f"{one.structure}. Keys: {', '.join(map(code, one.keys))}."
        yield table(HEAD, [_line(variable) for variable in one.variables])
        yield from _more(one)


def _line(one: Variable) -> tuple[str, ...]:
    made = " ".join(filter(None, [one.derivation or one.source or one.origin, one.comment]))
    return code(one.name), one.label, one.type, one.core, one.codelist, made


def _more(spec: DatasetSpec) -> Iterator[str]:
    """What stands in a dataset besides what its spec lists, and its parameters."""
    if spec.carried:
        yield f"Carried from ADSL: {', '.join(map(code, spec.carried))}."
    if spec.parameters:
        lines = [(code(one.code), one.label, one.derivation or one.source) for one in spec.parameters]
        yield table(("PARAMCD", "Parameter", "How it is derived"), lines)
