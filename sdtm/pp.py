"""PP: the parameters of cellular kinetics as ADPP has them, under the names of the terminology."""

import pandas as pd

from pipeline.ground.course import KineticParameter
from sdtm.mapping.terms import looked_up, terms
from sdtm.units import as_text

PARAMETERS, UNITS, REFERENCE = "PKPARMCD", "PKUNIT", "FIRST INFUSION OF CELLS"
GROUP = {"USUBJID": "USUBJID", "PCTEST": "PPCAT", "PCSPEC": "PPSPEC", "PCMETHOD": "PCMETHOD", "PCGRPID": "PPGRPID"}


def pp(
    adpp: pd.DataFrame, pc: pd.DataFrame, kinetics: tuple[KineticParameter, ...], ct: pd.DataFrame
) -> pd.DataFrame:
    """One record per record of ADPP whose measure the terminology knows as a parameter (codelist PKPARMCD).

    They are computed once, for the analysis. PPGRPID is the group of the samples they were made of (PC.PCGRPID), PPSTAT
    says NOT DONE where a value could not be had. Source: SDTMIG 3.4, 6.3.5.9.
    """
    measure = adpp["PARAMCD"].map({one.code: one.measure for one in kinetics}).astype("str")
    code = looked_up(measure, terms(ct, PARAMETERS), PARAMETERS)
    made = adpp.assign(PPTESTCD=code, PPTEST=looked_up(measure, terms(ct, PARAMETERS, "label"), PARAMETERS),
                       PPCAT=adpp["PARCAT1"])[code.notna()]  # fmt: skip
    samples = pc[[*GROUP]].drop_duplicates().rename(columns=GROUP)
    grouped = made.merge(samples, on=list(GROUP.values())[:-1], how="left")
    result, unit = as_text(grouped["AVAL"]), grouped["AVALU"]
    unit = looked_up(unit, terms(ct, UNITS), UNITS).fillna(unit).where(result.notna()).astype("str")
    whole = grouped.assign(
        DOMAIN="PP", PPORRES=result, PPORRESU=unit, PPSTRESC=result, PPSTRESN=grouped["AVAL"], PPSTRESU=unit,
        PPSTAT=pd.Series("NOT DONE", index=grouped.index, dtype="str").where(result.isna()), PPTPTREF=REFERENCE,
    ).sort_values(["USUBJID", "PPGRPID", "PPRFTDTC", "PPTESTCD", "PARAMCD"], ignore_index=True)  # fmt: skip
    return whole.assign(PPSEQ=whole.groupby("USUBJID").cumcount() + 1)
