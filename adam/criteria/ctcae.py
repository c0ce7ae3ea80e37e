"""Laboratory grades by the numeric rules of CTCAE, read from the table of a version (`criteria/ctcae_v5.csv`).

A row of the table is one bound of one grade: `value compare factor x reference + plus`, the reference being ULN, LLN,
BASE (the subject's baseline) or blank (then the factor is the bound itself). `unit` is the unit that the bound was
published in; blank where all bounds of the test are multiples. A bound published in two units (haemoglobin 100 g/L and
6.2 mmol/L, which are not quite the same) has a row for each. `baseline` says whether the row is for a NORMAL or an
ABNORMAL baseline (HIGH for H, LOW for L) or, of any direction, for a LOW one (blank: any), `worst` Y that it holds only
where a clinical condition (symptoms, anticoagulation, fasting) is assumed. Clinical grades that no number shows
(transfusion, urgent intervention) are not in the table. Source: analysis plan 4.1, clarification 16.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.ground.bounds import BY_SIGN

Grid: TypeAlias = "npt.NDArray[np.float64]"  # of one test: a row per rule, a column per record
Truth: TypeAlias = "npt.NDArray[np.bool_]"
REFERENCE = {"ULN": "ANRHI", "LLN": "ANRLO", "BASE": "BASE"}
ABNORMAL = {"H": "HIGH", "L": "LOW"}
COLUMNS = ["LBTESTCD", "LBSTRESU", "AVAL", "ANRLO", "ANRHI", "BASE", "BNRIND", "LBORRES", "LBORRESU"]
FEW = dict.fromkeys(("LBTESTCD", "LBSTRESU", "LBORRESU", "BNRIND"), "category")  # few words on many records
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
    records = lab.reindex(columns=COLUMNS).reset_index(drop=True).astype(FEW)
    rules = _rules(criteria, direction, baseline_clause, lab_worst)
    places = records.groupby("LBTESTCD", observed=True).indices
    graded = [_of_test(records.iloc[places[code]], own, direction)
              for code, own in rules.groupby("lbtestcd") if code in places]  # fmt: skip
    nothing = pd.DataFrame({"GRADE": pd.Series(dtype="float64"), "CRITERION": pd.Series(dtype="str")})
    return pd.concat(graded or [nothing]).reindex(records.index).set_axis(lab.index)


def _rules(criteria: pd.DataFrame, direction: str, baseline_clause: bool, lab_worst: bool) -> pd.DataFrame:
    """The rows that hold, numbers as such, milder grades first; `same`: one bound in several units."""
    rules = criteria.fillna("")
    rules = rules[rules["direction"].eq(direction)]
    if not lab_worst:
        rules = rules[rules["worst"].eq("")]
    if not baseline_clause:
        rules = rules[rules["reference"].ne("BASE")].assign(baseline="")
    numbers = {name: pd.to_numeric(rules[name].replace("", "0")) for name in ("grade", "factor", "plus")}
    same = rules.groupby(["lbtestcd", "grade", "baseline", "worst", "reference"]).ngroup()
    return rules.assign(**numbers, same=same).sort_values("grade", kind="stable")


def _of_test(records: pd.DataFrame, rules: pd.DataFrame, direction: str) -> pd.DataFrame:
    """GRADE and CRITERION of the records of one test, on their index."""
    fit, value = _in_own_unit(records, rules)
    holds, known = _for_baseline(records, rules, direction) & _best(fit, rules), fit != FOREIGN
    bound = _bound(records, rules)
    of_limits = rules["reference"].isin(["ULN", "LLN"]).to_numpy()[:, None]
    passed = _passes(value, bound, rules) & holds & known
    unjudged = holds & (np.isnan(value) | (np.isnan(bound) & of_limits) | ~known)
    highest = len(rules) - 1 - passed[::-1].argmax(axis=0)  # the rules are in order of their grades
    any_passed, judged = passed.any(axis=0), holds.any(axis=0) & ~unjudged.any(axis=0)
    grade = np.where(any_passed, rules["grade"].to_numpy(float)[highest], np.where(judged, 0.0, np.nan))
    text = pd.Series(rules["text"].to_numpy()[highest], records.index, "str").where(any_passed)
    return pd.DataFrame({"GRADE": grade, "CRITERION": text}, index=records.index)


def _for_baseline(records: pd.DataFrame, rules: pd.DataFrame, direction: str) -> Truth:
    """Whether a rule is for the baseline that the record has; a missing one counts as normal."""
    state = records["BNRIND"].where(records["BASE"].notna())
    abnormal, low = state.eq(ABNORMAL[direction]).to_numpy(), state.eq("LOW").to_numpy()
    means = {"": abnormal | True, "ABNORMAL": abnormal, "NORMAL": ~abnormal, "LOW": low}
    return np.array([means[word] for word in rules["baseline"]])


def _in_own_unit(records: pd.DataFrame, rules: pd.DataFrame) -> tuple[Grid, Grid]:
    """How well the unit of each bound fits each record, and the value in the unit of the bound."""
    absolute, of_ratio = (rules[name].eq("").to_numpy()[:, None] for name in ("reference", "unit"))
    own = records["LBORRESU"].isin(rules["unit"]) & records["LBORRESU"].notna()
    collected = _numbers(records.loc[own, "LBORRES"]).reindex(records.index).to_numpy(float)
    standard = of_ratio | _written(rules["unit"], records["LBSTRESU"])
    other = _written(rules["unit"], records["LBORRESU"]) & absolute & ~np.isnan(collected)
    fit = np.select([standard, other], [float(STANDARD), float(COLLECTED)], float(FOREIGN))
    return fit, np.where(other, collected, records["AVAL"].to_numpy(float))


def _written(units: pd.Series, of: pd.Series) -> Truth:
    """Whether the unit of a rule is that of a record (a category)."""
    codes = dict(zip(of.cat.categories, range(len(of.cat.categories)), strict=True))
    same: Truth = units.map(codes).to_numpy(float)[:, None] == of.cat.codes.to_numpy()
    return same


def _numbers(results: pd.Series) -> pd.Series:
    """Results as numbers, one known by its limit alone ("<6.2") as that limit."""
    plain = pd.to_numeric(results, errors="coerce")
    limits = results[plain.isna() & results.notna()].astype("str").str.replace(SIGN, "", regex=True)
    return plain.fillna(pd.to_numeric(limits, errors="coerce").reindex(results.index))


def _best(fit: Grid, rules: pd.DataFrame) -> Truth:
    """Of the rules for the same bound in several units those that fit the record best."""
    same = rules["same"].to_numpy()
    return np.array([fit[row] == fit[same == one].max(axis=0) for row, one in enumerate(same)])


def _bound(records: pd.DataFrame, rules: pd.DataFrame) -> Grid:
    """The limit that the value is compared with, in the unit of the value."""
    references = {word: records[name].to_numpy(float) for word, name in REFERENCE.items()} | {"": np.ones(len(records))}
    of = np.array([references[word] for word in rules["reference"]])
    bound: Grid = rules["factor"].to_numpy(float)[:, None] * of + rules["plus"].to_numpy(float)[:, None]
    return bound


def _passes(value: Grid, bound: Grid, rules: pd.DataFrame) -> Truth:
    """Whether the value passes its bound."""
    return np.array([BY_SIGN[sign](value[row], bound[row]) for row, sign in enumerate(rules["compare"])])
