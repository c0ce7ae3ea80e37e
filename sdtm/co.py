"""CO: comments, each on the record that it was collected with."""

import pandas as pd

from sdtm.mapping.sheet import COMMENT

PART = 200  # characters of a comment that one variable of a transport file holds
PARTS = (COMMENT.name, *(f"{COMMENT.name}{number}" for number in range(1, 5)))


def co(commented: tuple[str, ...], **named: pd.DataFrame) -> pd.DataFrame:
    """One record per comment, pointing to its record by --SEQ; text beyond 200 characters goes on in COVAL1 and so on.

    `commented`: the domains whose sheets tell comments. Source: SDTMIG 3.4, 5.1 CO.
    """
    parts = [_of_domain(named[f"{domain}_mapped"], domain.upper()) for domain in commented]
    whole = pd.concat([part for part in parts if len(part)] or [_of_domain(pd.DataFrame(columns=[COMMENT.name]), "")])
    ordered = whole.sort_values(["USUBJID", "RDOMAIN", "_number"], ignore_index=True)
    said = ordered[COMMENT.name].astype("str")
    ends = [*(PART * number for number in range(1, len(PARTS))), None]
    texts = {name: said.str.slice(PART * number, ends[number]) for number, name in enumerate(PARTS)}
    numbered = ordered.assign(DOMAIN="CO", COSEQ=ordered.groupby("USUBJID").cumcount() + 1)
    return numbered.assign(**{name: text.mask(text == "") for name, text in texts.items()})


def _of_domain(records: pd.DataFrame, domain: str) -> pd.DataFrame:
    name, told = f"{domain}SEQ", records[records[COMMENT.name].notna()]
    told = told.reindex(columns=["STUDYID", "USUBJID", name, COMMENT.name])
    number = pd.to_numeric(told[name])
    return told.assign(RDOMAIN=domain, IDVAR=name, IDVARVAL=number.astype("Int64").astype("str"), _number=number)
