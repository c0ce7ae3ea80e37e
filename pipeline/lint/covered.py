"""What the specs of a study cover, in words."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lint.sheets import asked_fields, unused_fields, used_fields
from pipeline.study.specs import Specs


def covered_by(specs: Specs) -> Iterator[str]:
    """Which forms and fields the mapping uses, which domains and datasets have something to rest on."""
    used = used_fields(specs) | asked_fields(specs)
    yield "Covered"
    total = [0, 0]
    for form, contract in specs.contracts.items():
        names = list(contract.fields)
        unused = unused_fields(contract, used)
        total = [total[0] + len(names) - len(unused), total[1] + len(names)]
        told = f"; not used: {', '.join(unused)}" if unused else ""
        yield f"  {form:<10}{len(names) - len(unused):>3} of {len(names):>3} fields{told}"
    yield f"  {'all forms':<10}{total[0]:>3} of {total[1]:>3} fields"
    layers = {layer: [n for n, s in specs.datasets.items() if s.layer == layer] for layer in ("sdtm", "adam")}
    collected = [n.upper() for n in layers["sdtm"] if n in specs.mappings]
    missing = [n.upper() for n in layers["sdtm"] if n in specs.not_collected]
    yield f"  domains   {', '.join(collected) or 'none'}"
    yield f"  not there {', '.join(missing) or 'none'} (not collected: their datasets are made empty)"
    changed = [d.id for d in specs.decisions.values() if d.set_in == "study"]
    yield f"  decisions {len(specs.decisions)}, of which this study decides {', '.join(changed) or 'none'} itself"
    yield f"  outputs   {', '.join(output.shell.output for output in specs.outputs.values()) or 'none'}"
