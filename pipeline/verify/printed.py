"""The printed numbers counted again, from the second derivation: subjects in the results, and Kaplan-Meier estimates.

A result says itself of whom it is (POPULATION) and what it counts (DATASET, WHERE). Where all that these name was
derived a second time, the number is counted from that; one whose condition names anything else is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
import pandas as pd

from pipeline.against.accepted import Register
from pipeline.against.comparison import OF_RESULTS
from pipeline.ground import clauses
from pipeline.verify.comparison import OPEN, SUBJECT, judged
from pipeline.verify.derivation import Database, insert, table, text_of

ADDRESS = ("OUTPUT", "SET", "ROW", "COLUMN", "LEVEL", "STATISTIC")
TOLD = (*ADDRESS, "PRINTED", "SECOND")
FOUND = ("KIND", *TOLD, "STATUS", "WHY")
COUNTS, ESTIMATES = "counts of subjects", "Kaplan-Meier estimates"
SURVIVAL = r'PARAMCD == "(PFS|PFSEMA|OS|DOR|RFS)"'
AT_RISK = rf"\({SURVIVAL}\) and \(AVAL >= ([0-9.]+)\)"
OF_CURVE = ("estimate", "lower", "upper")
NEAR = 1e-9
MAXIMUM = {"CRS": "CRSMAXGR", "ICANS": "ICANSMAX"}
REASONS = {"EASEXRSN", "DLTEVLRS"}  # worded beyond the plan for subjects of whom it names none
PARAMETER_OF = re.compile(r'PARAMCD == "(\w+)"')


@dataclass
class CountedAgain:
    """What was counted again: numbers compared by kind, and those that differ."""

    compared: dict[str, int] = field(default_factory=dict)
    found: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FOUND)))

    @property
    def open(self) -> int:
        """Differences that nobody has accepted."""
        return int(self.found["STATUS"].eq(OPEN).sum())


def count_again(database: Database, results: pd.DataFrame, derived: Sequence[str], register: Register) -> CountedAgain:
    """Counts of subjects and estimates of survival in the results, from the second derivation; `derived` are the
    endpoints that were derived."""
    frames = second_datasets(database, derived)
    known = _populations(results, frames["adsl"])
    told = results[results["POPULATION"].isin(known)]
    made = {COUNTS: _counts(told, frames, known), ESTIMATES: _estimates(database, told, known, derived)}
    both = pd.concat([numbers.assign(KIND=kind) for kind, numbers in made.items()], ignore_index=True)
    found = both[_apart(both["PRINTED"].to_numpy(), both["SECOND"].to_numpy())].reset_index(drop=True)
    status, why = judged(found, OF_RESULTS, "VALUE", register)
    found = found.assign(STATUS=status, WHY=why)[list(FOUND)]
    return CountedAgain({kind: len(numbers) for kind, numbers in made.items()}, found)


def second_datasets(database: Database, derived: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The second derivation under the names of ADaM, without what was not derived."""
    sets, said = table(database, "sets"), set(derived)
    if "DLTEVLFL" in said:
        sets = sets.merge(table(database, "dlt"), on=SUBJECT, how="left")
    adsl = sets[[SUBJECT, *(name for name in sets if name in said - REASONS)]]
    response = table(database, "response").melt(SUBJECT, ["BOR", "CRD30", "CRD100", "CRBEST"], "PARAMCD", "AVALC")
    survival = table(database, "survival").rename(columns={"ENDPOINT": "PARAMCD"})[[SUBJECT, "PARAMCD", "AVAL", "CNSR"]]
    worst = table(database, "toxicity_of").rename(columns={"WORST": "AVAL"})
    worst = worst.assign(PARAMCD=worst["NAME"].map(MAXIMUM))[[SUBJECT, "PARAMCD", "AVAL"]]
    events = table(database, "emergence").rename(columns={"GRADE": "ATOXGRN"})
    kept = {endpoint.partition(".")[0] for endpoint in said} | {MAXIMUM.get(one.removesuffix(".WORST")) for one in said}
    found = {"adsl": adsl, "adae": events if {"TRTEMFL", "ATOXGRN"} <= said else events.iloc[0:0, 0:1]}
    for name, data in (("adrs", response), ("adtte", survival), ("adcrs", worst)):
        found[name] = data[data["PARAMCD"].isin(kept)].reset_index(drop=True)
    return found


def _populations(results: pd.DataFrame, adsl: pd.DataFrame) -> dict[str, pd.Series]:
    """The subjects of each population that names nothing but what was derived."""
    found = {}
    for text in results["POPULATION"].dropna().unique():
        if text and set(clauses.named_in(text)) <= set(adsl):
            found[text] = adsl.loc[clauses.meets(adsl, text), SUBJECT]
    return found


def _counts(results: pd.DataFrame, frames: Mapping[str, pd.DataFrame], known: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Subjects (n) who have a record that meets the condition, and the size (N) of populations."""
    rows = results[results["STATISTIC"].isin(["n", "N"]) & results["VALUE"].notna()]
    many = rows["STATISTIC"].eq("N")
    total = rows["POPULATION"].map({text: len(subjects) for text, subjects in known.items()})
    plain = rows[many & rows["WHERE"].eq("")].assign(SECOND=total.astype("float64"))
    asked = rows[~many & rows["WHERE"].ne("") & rows["DATASET"].isin(list(frames))]
    inside = pd.DataFrame({text: frames["adsl"][SUBJECT].isin(subjects) for text, subjects in known.items()})
    found = [plain]
    for (dataset, where), group in asked.groupby(["DATASET", "WHERE"], sort=False):
        data = frames[dataset]
        if _tells(data, where):
            met = frames["adsl"][SUBJECT].isin(data.loc[clauses.meets(data, where), SUBJECT])
            found.append(group.assign(SECOND=group["POPULATION"].map(inside[met].sum()).astype("float64")))
    return pd.concat(found)[[*ADDRESS, "VALUE", "SECOND"]].rename(columns={"VALUE": "PRINTED"})


def _tells(data: pd.DataFrame, where: str) -> bool:
    """Whether a condition names nothing but what was derived: variables, and where there are parameters one of them."""
    if not set(clauses.named_in(where)) <= set(data) or not clauses.named_in(where):
        return False
    if "PARAMCD" not in data:
        return True
    asked = PARAMETER_OF.findall(where)
    return len(asked) == 1 and bool(data["PARAMCD"].eq(asked[0]).any())


def _estimates(
    database: Database, results: pd.DataFrame, known: Mapping[str, pd.Series], derived: Sequence[str]
) -> pd.DataFrame:
    """Kaplan-Meier estimates at landmarks (LEVEL: the day) with their limits on the scale log-log, and numbers at risk.

    Limits of 0 and 1 are a matter of convention (KM_LIMITS_AT_1) and not compared.
    """
    curve = results[results["STATISTIC"].isin(OF_CURVE) & results["WHERE"].str.fullmatch(SURVIVAL)]
    landmark = pd.to_numeric(curve["LEVEL"], errors="coerce")
    curve = curve.assign(ENDPOINT=curve["WHERE"].str.extract(SURVIVAL)[0], LANDMARK=landmark)
    risk = results[results["STATISTIC"].eq("at_risk") & results["WHERE"].str.fullmatch(AT_RISK)]
    said = risk["WHERE"].str.extract(AT_RISK)
    risk = risk.assign(ENDPOINT=said[0], LANDMARK=said[1].astype("float64"))
    rows = pd.concat([curve[curve["LANDMARK"].notna()], risk])
    rows = rows[rows["DATASET"].eq("adtte") & (rows["ENDPOINT"] + ".AVAL").isin(list(derived))]
    rows = rows.merge(_by_sql(database, rows, known), on=["POPULATION", "ENDPOINT", "LANDMARK"])
    ((level,),) = database.execute("SELECT ci_level FROM plan").fetchall()
    told = rows.assign(SECOND=_limits(rows, NormalDist().inv_cdf(0.5 + level / 2)), PRINTED=rows["VALUE"])
    return told[~told["STATISTIC"].isin(OF_CURVE[1:]) | told["SPREAD"].notna()][list(TOLD)]


def _by_sql(database: Database, rows: pd.DataFrame, known: Mapping[str, pd.Series]) -> pd.DataFrame:
    """The estimates that are asked for, made by kaplan_meier.sql."""
    database.execute("CREATE OR REPLACE TABLE member (POPULATION VARCHAR, USUBJID VARCHAR)")
    database.execute("CREATE OR REPLACE TABLE landmark (ENDPOINT VARCHAR, LANDMARK DOUBLE)")
    asked = dict.fromkeys(rows["POPULATION"])
    insert(database, "member", [(text, subject) for text in asked for subject in known[text]])
    insert(database, "landmark", rows[["ENDPOINT", "LANDMARK"]].drop_duplicates().itertuples(index=False, name=None))
    database.execute(text_of("kaplan_meier"))
    return table(database, "estimate")


def _limits(rows: pd.DataFrame, z: float) -> np.ndarray:
    """The statistic that each row asks for: the estimate, S to the power of exp(+-z spread), or the number at risk."""
    survival, spread = rows["SURVIVAL"].astype("float64"), rows["SPREAD"].astype("float64")
    asked = rows["STATISTIC"]
    bound = survival ** np.exp(np.where(asked.eq("lower"), z, -z) * spread)
    found = np.where(asked.eq("estimate"), survival, np.where(asked.eq("at_risk"), rows["AT_RISK"], bound))
    return found.astype("float64")


def _apart(printed: np.ndarray, second: np.ndarray) -> np.ndarray:
    ours, theirs = printed.astype("float64"), second.astype("float64")
    return ~np.isclose(ours, theirs, rtol=NEAR, atol=NEAR, equal_nan=True)
