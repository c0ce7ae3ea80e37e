"""A mapping sheet of a study that starts from SDTM: its forms are the data sets that were delivered.

What it says of the domain itself (form DS in ds.csv, block *) is laid over the records as they were delivered: a target
has the value of its rule where that gives one, else what was delivered; a row without a target chooses the records.
What it says of another data set (form DM in dd.csv) makes records of the domain from that, behind those delivered.
"""

import pandas as pd

from pipeline.ground.faults import TrialError
from sdtm.findings import gathered, of_form
from sdtm.mapping.carried import MADE
from sdtm.mapping.domain import BACK, Sheets, chosen, made, read, stacks
from sdtm.mapping.inputs import MappingInputs
from sdtm.mapping.sheet import EVERY, SUPP
from sdtm.units import UNIT_FIELD, as_text


def laid_over(
    domain: str, sheet: pd.DataFrame, datasets: dict[str, pd.DataFrame], inputs: MappingInputs
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records of a domain as text, as delivered and as its sheet says; and the findings.

    `datasets` holds the domain itself and every data set that its sheet names. Raises TrialError for a sheet that names
    what does not exist, and for blocks of the domain itself: each of its records stands once.
    """
    sheets = read(domain, sheet, datasets, inputs)
    for row in sheets.rows:
        if row.target.startswith(SUPP):
            what = f"{row.target} is no variable of {domain}: a qualifier is a record of SUPP{domain}."
            raise TrialError(what, row.place, f"say QNAM, IDVAR, IDVARVAL, QVAL in mapping/supp{domain.lower()}.csv")
    forms = list(dict.fromkeys(row.form for row in sheets.rows))
    own, findings = _own(domain, sheets)
    pieces, more = stacks(sheets, [form for form in forms if form != domain])
    parts = [own, *(_from_another(piece, domain, inputs) for piece in pieces)]
    return pd.concat(parts, ignore_index=True), gathered([*sheets.findings, *findings, *more])


def _own(domain: str, sheets: Sheets) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The records of the domain itself with what the sheet lays over them."""
    rows = [row for row in sheets.rows if row.form == domain]
    blocks = [row for row in rows if row.block != EVERY]
    if blocks:
        what = f"Records of {domain} are laid over in one piece, not in the block {blocks[0].block}."
        raise TrialError(what, blocks[0].place, f"write them in block {EVERY}, with a `where`")
    records = sheets.raw[domain]
    kept, findings = chosen(records, [row for row in rows if not row.target], sheets.known, sheets.for_rules)
    if left := len(records) - len(kept):
        message = f"{left} records of {domain} are left out, as mapping/{domain.lower()}.csv says."
        findings = [*findings, of_form("SDTM-CHOSEN", "info", domain, left, message)]
    values, _, more = made(kept, [row for row in rows if row.target], sheets.known, sheets.for_rules)
    none = pd.Series(None, index=kept.index, dtype="str")
    laid = {name: _text(values[name]).fillna(kept.get(name, none).astype("str")) for name in values}
    return kept.assign(**laid), [*findings, *more]


def _from_another(piece: pd.DataFrame, domain: str, inputs: MappingInputs) -> pd.DataFrame:
    """Records made of another data set, of the subject of its records."""
    texts = {name: _text(piece[name]) for name in piece if name not in (*BACK, "_SUBJECT", UNIT_FIELD, MADE)}
    named = {"STUDYID": inputs.study.study, "DOMAIN": domain, "USUBJID": piece["_SUBJECT"]}
    return piece[["_SUBJECT", *BACK]].assign(**named, **texts)


def _text(values: pd.Series) -> pd.Series:
    """Values as they are delivered: numbers as text, the name of a qualifier without its prefix."""
    return as_text(values) if pd.api.types.is_numeric_dtype(values) else values.astype("str")
