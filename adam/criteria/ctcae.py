"""Laboratory grades by the numeric rules of CTCAE v5.0, read from the table `ctcae_v5`.

A row of the table is one bound of one grade: `value compare factor x reference + plus`, the reference being ULN, LLN,
BASE (the subject's baseline) or blank (then the factor is the bound itself). `unit` is the unit that the bound was
published in; blank where all bounds of the test are multiples. A bound published in two units (haemoglobin 100 g/L and
6.2 mmol/L, which are not quite the same) has a row for each. `baseline` says whether the row is for a NORMAL or an
ABNORMAL baseline (blank: any), `worst` Y that it holds only where a clinical condition (symptoms, anticoagulation)
is assumed. Clinical grades that no number shows (transfusion, urgent intervention) are
not in the table. Source: analysis plan 4.1, clarification 16.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground.bounds import above, at_least, at_most, below

REFERENCE = {"ULN": "ANRHI", "LLN": "ANRLO", "BASE": "BASE"}
COMPARE = {"<": below, "<=": at_most, ">": above, ">=": at_least}
ABNORMAL = {"H": "HIGH", "L": "LOW"}
COLUMNS = ["LBTESTCD", "LBSTRESU", "AVAL", "ANRLO", "ANRHI", "BASE", "BNRIND", "LBORRES", "LBORRESU"]
SIGN = r"^\s*[<>]=?\s*"
FOREIGN, STANDARD, COLLECTED = range(3)


def ctcae_grade(
    lab: pd.DataFrame,
    criteria: pd.DataFrame,
    direction: str,
    *,
    baseline_clause: bool,
    lab_worst: bool,
) -> pd.DataFrame:
    """Grade 0 to 4 and the rule behind it (GRADE, CRITERION) of each laboratory record, on the index of `lab`.

    1. The highest grade with a bound that the value passes.
    2. None passed: 0, but missing where a row could not be judged (no ULN or LLN, another unit, no value) and for a
       test without rows in this direction. Absolute rules fire without ULN and LLN.
    3. An abnormal baseline (BNRIND HIGH for direction H, LOW for L, with a BASE) is graded by multiples of the
       baseline where the table has them; a missing baseline counts as normal. Without `baseline_clause` no rule looks
       at the baseline (grades of the baseline itself).
    4. A bound published in the unit that the result was collected in (LBORRESU) is held against the collected result
       and takes the place of the bound in the standard unit; "<6.2" counts as 6.2.

    Columns: LBTESTCD, LBSTRESU, AVAL, ANRLO, ANRHI, BASE, BNRIND; LBORRES and LBORRESU where known. `direction` is H or
    L, else ValueError.
    """
    if direction not in ABNORMAL:
        raise ValueError(f"a direction is H or L, not {direction!r}")
    records = lab.reindex(columns=COLUMNS).assign(record=range(len(lab)))
    rules = _rules(criteria, direction, baseline_clause, lab_worst)
    pairs = records.merge(rules, left_on="LBTESTCD", right_on="lbtestcd")
    abnormal = pairs["BNRIND"].eq(ABNORMAL[direction]) & pairs["BASE"].notna()
    pairs = pairs[pairs["baseline"].eq("") | (pairs["baseline"].eq("ABNORMAL") == abnormal)]
    pairs = _in_own_unit(pairs)
    pairs = pairs.assign(bound=_bound(pairs))
    known = pairs["fit"].ne(FOREIGN)
    no_limit = pairs["bound"].isna() & pairs["reference"].isin(["ULN", "LLN"])
    passed, unjudged = _passes(pairs) & known, pairs["AVAL"].isna() | no_limit | ~known
    return _highest(pairs.assign(passed=passed, unjudged=unjudged), len(lab)).set_axis(lab.index)


def _rules(criteria: pd.DataFrame, direction: str, baseline_clause: bool, lab_worst: bool) -> pd.DataFrame:
    rules = criteria.fillna("")
    rules = rules[rules["direction"].eq(direction)]
    if not lab_worst:
        rules = rules[rules["worst"].eq("")]
    if not baseline_clause:
        rules = rules[rules["reference"].ne("BASE")].assign(baseline="")
    numbers = {name: pd.to_numeric(rules[name].replace("", "0")) for name in ("grade", "factor", "plus")}
    same = rules.groupby(["lbtestcd", "grade", "baseline", "worst", "reference"]).ngroup()
    return rules.assign(**numbers, same=same)


def _in_own_unit(pairs: pd.DataFrame) -> pd.DataFrame:
    """Of the rows for the same bound in several units the one that fits the record best (fit), AVAL in its unit."""
    collected = pd.to_numeric(pairs["LBORRES"].astype("str").str.replace(SIGN, "", regex=True), errors="coerce")
    standard = pairs["unit"].eq("") | pairs["unit"].eq(pairs["LBSTRESU"])
    other = pairs["unit"].eq(pairs["LBORRESU"]) & pairs["reference"].eq("") & collected.notna()
    fit = pd.Series(np.select([standard, other], [STANDARD, COLLECTED], FOREIGN), index=pairs.index)
    best = fit.groupby([pairs["record"], pairs["same"]]).transform("max")
    return pairs.assign(fit=fit, AVAL=pairs["AVAL"].mask(other, collected))[fit == best]


def _bound(pairs: pd.DataFrame) -> pd.Series:
    """The limit that the value is compared with, in the unit of the value."""
    reference = pd.Series(1.0, index=pairs.index)
    for name, column in REFERENCE.items():
        reference = reference.mask(pairs["reference"].eq(name), pairs[column])
    return pairs["factor"] * reference + pairs["plus"]


def _passes(pairs: pd.DataFrame) -> pd.Series:
    """Whether the value passes its bound."""
    value, bound = pairs["AVAL"], pairs["bound"]
    found = pd.Series(False, index=pairs.index)
    for sign, compare in COMPARE.items():
        found = found.mask(pairs["compare"].eq(sign), compare(value, bound))
    return found


def _highest(pairs: pd.DataFrame, records: int) -> pd.DataFrame:
    """One record per laboratory record: the highest grade passed, else 0, else missing."""
    top = pairs[pairs["passed"]].sort_values(["record", "grade"]).drop_duplicates("record", keep="last")
    known = pairs.groupby("record")["unjudged"].any()
    nothing = known.index[~known]
    grade = pd.Series(np.nan, index=range(records))
    grade[nothing] = 0.0
    grade[top["record"]] = top["grade"].to_numpy(dtype=float)
    return pd.DataFrame({"GRADE": grade, "CRITERION": top.set_index("record")["text"].reindex(grade.index)})
