"""RELREC: which records hang together by the links of the study, and which datasets do."""

from collections.abc import Iterator

import pandas as pd

from pipeline.ground.metadata import StudySettings
from sdtm.mapping.links import FROM, TO, Link, links_of, pairs

COLUMNS = ["RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID"]
DATASETS = (
    ("TUTR", "TU", "TULNKID", "TR", "TRLNKID"), ("TRRS", "TR", "TRLNKGRP", "RS", "RSLNKGRP"),
    ("PCPP", "PC", "PCGRPID", "PP", "PPGRPID"),
)  # fmt: skip


def relrec(
    study: StudySettings, links: pd.DataFrame, tu: pd.DataFrame, tr: pd.DataFrame, rs: pd.DataFrame,
    **named: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """One record per related record (two per pair of a link), or per related dataset. Source: SDTMIG 3.4, 8.2 and 8.3.

    1. Lesions with their measurements, these with the response of the visit, samples of kinetics with the parameters
    made of them are related as datasets, where the study has both; RELTYPE is ONE where each value of the variable
    stands once per subject. 2. Records that a link with `domains` connects are related by --SEQ; RELID is the link's
    name and the number of the pair within the subject.
    """
    domains = {"TU": tu, "TR": tr, "RS": rs} | {name.upper(): frame for name, frame in named.items()}
    parts = [*_datasets(domains), *(_records(link, named) for link in links_of(links) if link.domains)]
    whole = pd.concat(parts) if parts else pd.DataFrame(columns=COLUMNS, dtype="str")
    return whole.assign(STUDYID=study.study)


def _datasets(domains: dict[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for relation, one, its_variable, other, other_variable in DATASETS:
        ends = [(name, variable, domains[name][["USUBJID", variable]].dropna())
                for name, variable in ((one, its_variable), (other, other_variable)) if name in domains]  # fmt: skip
        if len(ends) == 2 and all(len(values) for _, _, values in ends):
            rows = [(name, None, variable, None, "MANY" if values.duplicated().any() else "ONE", relation)
                    for name, variable, values in ends]  # fmt: skip
            yield pd.DataFrame(rows, columns=COLUMNS)


def _records(link: Link, named: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Two records per pair of SDTM records that were made of linked raw records."""
    raw = {form: named[f"raw:{form}"] for form in link.forms}
    found = pairs(link, raw)
    ends = zip(link.domains, link.forms, (FROM, TO), strict=True)
    for domain, form, end in ends:
        made = named[f"{domain.lower()}_mapped"]
        own = made.loc[made["_FORM"] == form, ["USUBJID", "_LINE", f"{domain}SEQ"]]
        own = own.rename(columns={f"{domain}SEQ": f"{end}SEQ", "USUBJID": f"{end}ID"})
        found = found.assign(_LINE=raw[form]["_LINE"].reindex(found[end]).to_numpy()).merge(own, on="_LINE")
        found = found.drop(columns="_LINE")
    known_by = [f"{FROM}ID", f"{FROM}SEQ", f"{TO}SEQ"]
    related = found[known_by].drop_duplicates().sort_values(known_by)
    relation = link.name + (related.groupby(f"{FROM}ID").cumcount() + 1).astype("str")
    return pd.concat([
        pd.DataFrame({"RDOMAIN": domain, "USUBJID": related[f"{FROM}ID"], "IDVAR": f"{domain}SEQ",
                      "IDVARVAL": related[f"{end}SEQ"].astype("int64").astype("str"), "RELTYPE": None,
                      "RELID": relation})
        for domain, end in zip(link.domains, (FROM, TO), strict=True)])  # fmt: skip
