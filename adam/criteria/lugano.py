"""Response of lymphoma at one time point by the Lugano classification (Cheson et al., J Clin Oncol 2014;32:3059).

Everything here works on columns of one record per time point; lesions are turned into target, non-target and spleen
response in `lugano_lesions`. Codes: metabolic CMR PMR SMD PMD NE ND (SMD is the submission value of what is
collected as NMR, no metabolic response); CT and overall CR PR SD PD NE ND; Y, N or missing for flags.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

METABOLIC = {
    "NMR": "SMD", "CR": "CMR", "PR": "PMR", "SD": "SMD", "PD": "PMD", "NOT DONE": "ND", "NONE": "ND",
} | {code: code for code in ("CMR", "PMR", "SMD", "PMD", "NE", "ND")}  # fmt: skip
ANATOMIC = {
    "CAR": "CR", "PAR": "PR", "SAD": "SD", "PAD": "PD", "NOT DONE": "ND", "NONE": "ND",
} | {code: code for code in ("CR", "PR", "SD", "PD", "NE", "ND")}  # fmt: skip
NE_PET_RULES = ("NE", "CT_CAPPED_SD", "CT")


def standard_metabolic(codes: pd.Series) -> pd.Series:
    """Metabolic results in submission values: NMR becomes SMD, missing ND, an unknown code NE."""
    return _standard(codes, METABOLIC)


def standard_anatomic(codes: pd.Series) -> pd.Series:
    """CT results as CR PR SD PD NE ND: CAR PAR SAD PAD are understood, missing is ND, an unknown code NE."""
    return _standard(codes, ANATOMIC)


def metabolic_response(pet: pd.DataFrame) -> pd.Series:
    """Metabolic result (CMR PMR SMD PMD NE ND) of one PET per record; the first true rule wins.

    1. Not done: ND. 2. Not interpretable, or no FDG-avid baseline PET: NE.
    3. New avid focus, or new or recurrent avid marrow focus: PMD. 4. Score 4-5 and uptake increased: PMD.
    5. Score 1-3, no marrow focus, nothing new: CMR; with a persisting marrow focus: PMR.
    6. Score 4-5, nothing new: PMR when uptake decreased, SMD (NMR) when unchanged. 7. Anything else: NE.

    Columns: DONE, EVAL (interpretable), BASEAVID (avid baseline to compare), SCORE (worst Deauville score 1 to 5;
    X is not scored), UPTAKE (DEC, NC, INC), NEW, MARROW (avid focal marrow lesion), MARRPREV (the same at the
    evaluable PET before, baseline included). Source: analysis plan 2.1 and 2.2, clarifications 6 and 22.
    """
    score = pd.to_numeric(pet["SCORE"], errors="coerce")
    high, low = score.isin([4, 5]), score.isin([1, 2, 3])
    uptake, marrow, before = pet["UPTAKE"], pet["MARROW"], pet["MARRPREV"]
    fresh = pet["NEW"].eq("Y") | (marrow.eq("Y") & before.eq("N"))
    known = pet["NEW"].eq("N") & (marrow.eq("N") | (marrow.eq("Y") & before.eq("Y")))
    return _first(pet.index, [
        (pet["DONE"].eq("N"), "ND"),
        (pet["DONE"].isna() | pet["EVAL"].eq("N") | ~pet["BASEAVID"].eq("Y"), "NE"),
        (fresh | (high & uptake.eq("INC")), "PMD"),
        (low & known & marrow.eq("N"), "CMR"),
        ((low | (high & uptake.eq("DEC"))) & known, "PMR"),
        (high & uptake.eq("NC") & known, "SMD"),
    ], "NE")  # fmt: skip


def anatomic_response(
    target: pd.Series,
    non_target: pd.Series,
    new_lesion: pd.Series,
    spleen: pd.Series | None = None,
    marrow: pd.Series | None = None,
) -> pd.Series:
    """CT result (CR PR SD PD NE ND) of one time point per record.

    1. PD of target, non-target, spleen or marrow, or a new lesion: PD. 2. No CT at all (target ND, nothing else): ND.
    3. New lesion not known to be absent (U or missing), or target NE: NE.
    4. Target CR (or no target at baseline) with all non-target gone: CR; target CR otherwise PR.
    5. Without targets a non-target SD is SD. 6. An enlarged spleen caps: PR or NE at PR, SD at SD.
    7. Marrow involved at baseline and not shown to be clear caps CR at PR. 8. Anything else: NE.

    `target`, `non_target`: CR PR SD PD NE, missing = none at baseline. `new_lesion`: Y N U. `spleen`: CR PR SD PD NE,
    missing = never enlarged. `marrow` on morphology: CR (clear, or never involved) PD (new or recurrent) NE
    (involved at baseline, not checked again) SD (still involved). Source: analysis plan 2.3 and 2.4.
    """
    nothing = pd.Series(np.nan, index=target.index, dtype=object)
    spleen = nothing if spleen is None else spleen
    marrow = nothing if marrow is None else marrow
    progressed = pd.concat([part.eq("PD") for part in (target, non_target, spleen, marrow)], axis=1).any(axis=1)
    not_done = target.eq("ND") & (non_target.eq("ND") | non_target.isna())
    cleared = non_target.eq("CR") | (non_target.isna() & target.notna())
    lesions = _first(target.index, [
        (progressed | new_lesion.eq("Y"), "PD"),
        (not_done, "ND"),
        (~new_lesion.eq("N") | target.isin(["NE", "ND"]), "NE"),
        ((target.eq("CR") | target.isna()) & cleared, "CR"),
        (target.isin(["CR", "PR"]), "PR"),
        (target.eq("SD") | (target.isna() & non_target.eq("SD")), "SD"),
    ], "NE")  # fmt: skip
    residual = (spleen.isin(["PR", "NE"]) | marrow.isin(["SD", "NE"])) & lesions.eq("CR")
    return lesions.mask(residual, "PR").mask(spleen.eq("SD") & lesions.isin(["CR", "PR"]), "SD")


def overall_response(
    metabolic: pd.Series, anatomic: pd.Series, proven: pd.Series, *, ne_pet_rule: str, ct_cr_needs_pet: str
) -> pd.Series:
    """Overall response (CR PR SD PD NE ND) of one time point per record, from PET and CT.

    1. PET that was read decides: PMD PD, CMR CR, PMR PR, SMD (NMR) SD; CT PD turns PMR and SMD to PD, and CMR only
       when `proven` is Y (a new lesion is FDG-avid or biopsy-proven).
    2. PET not done: as CT; a CT CR is PR where `ct_cr_needs_pet` is Y. Both not done: ND.
    3. PET not evaluable: CT PD is PD; else `ne_pet_rule` NE: NE. CT: as in 2. CT_CAPPED_SD: CR, PR and SD are SD (and
       PET not done with CT not evaluable is ND, as in the published test data that follow this rule).

    Missing results are not done, unknown codes not evaluable. Any other `ne_pet_rule`, or a
    `ct_cr_needs_pet` other than Y and N, raises ValueError.
    Source: analysis plan 2.4, clarifications 6 and 22.
    """
    if ne_pet_rule not in NE_PET_RULES:
        raise ValueError(f"NE_PET_RULE is one of {', '.join(NE_PET_RULES)}, not {ne_pet_rule!r}")
    if ct_cr_needs_pet not in ("Y", "N"):
        raise ValueError(f"CT_CR_NEEDS_PET is Y or N, not {ct_cr_needs_pet!r}")
    pet, ct = standard_metabolic(metabolic), standard_anatomic(anatomic)
    without_pet = ct.mask(ct.eq("CR") & (ct_cr_needs_pet == "Y"), "PR")
    capped = ct.mask(ct.isin(["CR", "PR"]), "SD")
    unread = {"NE": pd.Series("NE", index=ct.index), "CT_CAPPED_SD": capped, "CT": without_pet}[ne_pet_rule]
    return _first(pet.index, [
        (pet.eq("PMD"), "PD"),
        (ct.eq("PD") & (~pet.eq("CMR") | proven.eq("Y")), "PD"),
        (pet.eq("CMR"), "CR"),
        (pet.eq("PMR"), "PR"),
        (pet.eq("SMD"), "SD"),
        (pet.eq("ND") & ct.eq("NE") & (ne_pet_rule == "CT_CAPPED_SD"), "ND"),
        (pet.eq("ND"), without_pet),
        (ct.eq("ND"), "NE"),
    ], unread)  # fmt: skip


def _standard(codes: pd.Series, known: dict[str, str]) -> pd.Series:
    return codes.map(known).astype(object).fillna("NE").mask(codes.isna(), "ND").astype("str")


def _first(index: pd.Index, rules: list[tuple[pd.Series, str | pd.Series]], otherwise: str | pd.Series) -> pd.Series:
    """The result of the first rule that holds on each row."""
    conditions, results = [condition for condition, _ in rules], [result for _, result in rules]
    return pd.Series(np.select(conditions, results, otherwise), index=index, dtype="str")
