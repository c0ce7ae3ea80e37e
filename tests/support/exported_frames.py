"""Small datasets for tests of what leaves the house."""

import pandas as pd

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.export.dataset import Exported


def exported(name, variables, rows, label="") -> Exported:
    """A dataset from its name, its variables (`AVAL:number`; text without a type) and its records.

    Its keys are STUDYID and USUBJID, and the number of the record where it has one; `label` is that of all variables.
    """
    told = [word.partition(":")[::2] for word in variables.split()]
    made = tuple(
        Variable(n, label or f"Label of {n}", kind or "text", origin="Collected", core="Req") for n, kind in told
    )
    frame = pd.DataFrame(list(rows), columns=[n for n, _ in told])
    kinds = {"": "str", "number": "float64", "integer": "int64", "date": "datetime64[s]", "datetime": "datetime64[s]"}
    keys = tuple(n for n, _ in told if n in ("STUDYID", "USUBJID", "QNAM") or n.endswith("SEQ"))
    layer = "adam" if name.startswith("ad") else "sdtm"
    spec = DatasetSpec(name, layer, name.upper(), f"Label of {name.upper()}", keys=keys, variables=made)
    return Exported(spec, pd.DataFrame({n: frame[n].astype(kinds[kind]) for n, kind in told}))
