"""Supplemental qualifiers: what was collected and has no variable of its own in the domain.

Which qualifiers a domain has, and their labels, is said by the codelist SUPP-- of the terminology.
"""

import pandas as pd

COLUMNS = ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL"]
MADE_BY_CUT = "CUTFL"


def supplemental(records: pd.DataFrame, domain: str, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per qualifier value of a record of the domain, pointing to it by --SEQ.

    QORIG is CRF, but Derived for a mark that the data cut made (QNAM ends in CUTFL).
    """
    labels = ct[ct["codelist"] == f"SUPP{domain}"].set_index("submission")["label"]
    names = [name for name in labels.index if name in records]
    number = f"{domain}SEQ"
    keyed = records[["STUDYID", "USUBJID"]].assign(
        RDOMAIN=domain, IDVAR=number if number in records else None,
        IDVARVAL=records[number].astype("str") if number in records else None)
    values = pd.concat([keyed, records[names].astype("str")], axis="columns").melt(
        id_vars=list(keyed.columns), value_vars=names, var_name="QNAM", value_name="QVAL")
    values = values[values["QVAL"].notna()].reset_index(drop=True)
    origin = pd.Series("CRF", index=values.index, dtype="str").mask(values["QNAM"].str.endswith(MADE_BY_CUT), "Derived")
    return values.assign(QLABEL=values["QNAM"].map(labels), QORIG=origin, QEVAL=None)[COLUMNS]


def suppae(ae_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of an adverse event."""
    return supplemental(ae_mapped, "AE", ct)


def suppcm(cm_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a medication or therapy."""
    return supplemental(cm_mapped, "CM", ct)


def suppdm(ds_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a subject: the study part named at enrolment, where there are parts."""
    enrolment = ds_mapped.reindex(columns=["STUDYID", "USUBJID", "PARTCD"])
    return supplemental(enrolment[enrolment["PARTCD"].notna()].drop_duplicates("USUBJID"), "DM", ct)


def suppds(ds_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a disposition event."""
    return supplemental(ds_mapped, "DS", ct)


def suppdv(dv_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a protocol deviation."""
    return supplemental(dv_mapped, "DV", ct)


def suppex(ex_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a dose."""
    return supplemental(ex_mapped, "EX", ct)


def suppho(ho_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a hospital stay."""
    return supplemental(ho_mapped, "HO", ct)


def supplb(lb_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a laboratory result."""
    return supplemental(lb_mapped, "LB", ct)


def supppc(pc_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a transgene sample."""
    return supplemental(pc_mapped, "PC", ct)


def supppr(pr_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a procedure."""
    return supplemental(pr_mapped, "PR", ct)


def supprs(rs_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a response."""
    return supplemental(rs_mapped, "RS", ct)


def supptu(tu_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a lesion."""
    return supplemental(tu_mapped, "TU", ct)
