"""Contacts that show a subject alive (clarification 3)."""

from __future__ import annotations

import pandas as pd

from adam.derive.seen import seen_alive


def contacts(ss: pd.DataFrame, suppds: pd.DataFrame) -> pd.DataFrame:
    """One record per contact with status alive (unknown is none), and per last contact named at the end of study."""
    last = suppds[suppds["QNAM"] == "LSTCTDTC"]
    last = last.assign(LSTCTDTC=last["QVAL"], DSSEQ=pd.to_numeric(last["IDVARVAL"], errors="coerce"))
    return pd.concat([
        seen_alive(last, "DS", "LSTCTDTC"), seen_alive(ss[ss["SSSTRESC"] == "ALIVE"], "SS"),
    ])
