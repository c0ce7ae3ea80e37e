"""RELREC: how the tumour domains hang together."""

from typing import Any

import pandas as pd

LINKS = (
    ("TU", "TULNKID", "ONE", "TUTR"), ("TR", "TRLNKID", "MANY", "TUTR"),
    ("TR", "TRLNKGRP", "MANY", "TRRS"), ("RS", "RSLNKGRP", "ONE", "TRRS"),
)


def relrec(study: dict[str, Any]) -> pd.DataFrame:
    """One record per related dataset: lesions with their measurements, measurements with the response of the visit."""
    links = pd.DataFrame(LINKS, columns=["RDOMAIN", "IDVAR", "RELTYPE", "RELID"])
    return links.assign(STUDYID=study["study"], USUBJID=None, IDVARVAL=None)
