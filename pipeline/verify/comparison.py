"""The second derivation held against ADaM, subject by subject: what was compared, agreed, differed, was not derived.

The list of endpoints (endpoints.csv) names for each the variable of ADaM that says the same, the domains it needs and
what of it a study may define itself; where a study does, the plan's rule is not its own, and nothing is derived.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.against.accepted import Register
from pipeline.verify.plan import HOME

SUBJECT, PARAMETER = "USUBJID", "PARAMCD"
FOUND = ("ENDPOINT", "DATASET", "VARIABLE", SUBJECT, "RECORD", "ADAM", "SECOND", "STATUS", "WHY")
OPEN, ACCEPTED, ABSENT = "open", "accepted", "(no record)"
LOW, HIGH = ("WBC", "NEUT", "LYM", "HGB", "PLAT"), ("ALT", "AST", "BILI", "CREAT")  # graded in one direction
Read = Callable[[str], "pd.DataFrame | None"]  # a dataset by its name in upper case; None where there is none


@dataclass(frozen=True)
class VerifiedEndpoint:
    """One line of endpoints.csv.

    blank: a value that reads as missing (the N of a flag that is Y or blank). among: `derived` where the plan gives
    values to some subjects only, and these are compared. record: the variable that tells records of a subject apart.
    """

    id: str
    title: str
    chapter: str
    domains: str
    dataset: str
    parameter: str
    variable: str
    own: str
    blank: str
    among: str
    record: str


@dataclass
class Verdict:
    """What became of an endpoint: how many values were compared, agreed and differed, or why it was not derived."""

    endpoint: VerifiedEndpoint
    compared: int = 0
    agreed: int = 0
    differed: int = 0
    accepted: int = 0
    not_derived: str = ""
    note: str = ""
    found: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FOUND)))

    @property
    def open(self) -> int:
        """Differences that nobody has accepted."""
        return self.differed - self.accepted


def endpoints() -> tuple[VerifiedEndpoint, ...]:
    """The list, in its order."""
    with (HOME / "endpoints.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(VerifiedEndpoint(**row) for row in csv.DictReader(handle))


def compare(
    second: pd.DataFrame, read: Read, domains: Collection[str], withheld: Mapping[str, str], only: Mapping[str, str],
    register: Register,
) -> list[Verdict]:  # fmt: skip
    """Each endpoint against ADaM. `withheld`: why some are not derived; `only`: those of the subjects whom ADaM has."""
    verdicts = []
    for endpoint in endpoints():
        verdict = Verdict(endpoint, not_derived=withheld.get(endpoint.id, "") or _lacking(endpoint, read, domains))
        if not verdict.not_derived:
            verdict.note = only.get(endpoint.id, "")
            _compare(verdict, second[second["ENDPOINT"].eq(endpoint.id)], read(endpoint.dataset), register)
        verdicts.append(verdict)
    return verdicts


def _lacking(endpoint: VerifiedEndpoint, read: Read, domains: Collection[str]) -> str:
    """What an endpoint needs and the run does not have ('': nothing)."""
    gone = [name for name in endpoint.domains.split() if name not in domains]
    data = read(endpoint.dataset)
    if gone:
        return f"the SDTM has no {' and no '.join(gone)}"
    if data is None:
        return f"the run has no {endpoint.dataset}"
    if endpoint.parameter and (PARAMETER not in data or not data[PARAMETER].eq(endpoint.parameter).any()):
        return f"{endpoint.dataset} has no {endpoint.parameter}"
    lost = [name for name in endpoint.variable.split() if name not in data]
    return f"{endpoint.dataset} has no {' and no '.join(lost)}" if lost else ""


def _compare(verdict: Verdict, second: pd.DataFrame, data: pd.DataFrame | None, register: Register) -> None:
    """The values of both sides by subject and record, and those that differ."""
    assert data is not None
    endpoint = verdict.endpoint
    ours, theirs = first_derivation(endpoint, data), texts(second.set_index([SUBJECT, "RECORD"])["VALUE"])
    both = pd.DataFrame({"ADAM": ours, "SECOND": theirs})
    both = both[both.index.isin(theirs.index)] if endpoint.among else both
    both = both[both.index.isin(ours.index)] if verdict.note else both
    both = both.where(both.notna(), ABSENT)
    both = both.replace(endpoint.blank, "") if endpoint.blank else both
    apart = both[both["ADAM"].ne(both["SECOND"])].sort_index().reset_index()
    verdict.compared, verdict.differed = len(both), len(apart)
    verdict.agreed = verdict.compared - verdict.differed
    if len(apart):
        verdict.found = _told(endpoint, apart, register)
        verdict.accepted = int(verdict.found["STATUS"].eq(ACCEPTED).sum())


def first_derivation(endpoint: VerifiedEndpoint, data: pd.DataFrame) -> pd.Series:
    """What ADaM says, as text by subject and record; a value that stands there a second time is a record of its own."""
    if endpoint.record == PARAMETER:
        return _worst(data)
    chosen = data[data[PARAMETER].eq(endpoint.parameter)] if endpoint.parameter else data
    blank = pd.Series("", index=chosen.index, dtype="str")
    record = texts(chosen[endpoint.record]) if endpoint.record else blank
    again = chosen.assign(RECORD=record).groupby([SUBJECT, "RECORD"]).cumcount()
    record = record.where(again.eq(0), record + "#" + (again + 1).astype("str"))
    places = pd.MultiIndex.from_arrays([chosen[SUBJECT], record], names=[SUBJECT, "RECORD"])
    return texts(chosen[endpoint.variable].set_axis(places))


def _worst(data: pd.DataFrame) -> pd.Series:
    """The highest grade of each subject and test on treatment, in the direction in which the test is graded."""
    treated = data[data["ONTRTFL"].eq("Y") & data[PARAMETER].isin([*LOW, *HIGH])]
    said = treated["ATOXGRL"].where(treated[PARAMETER].isin(LOW), treated["ATOXGRH"])
    graded = pd.to_numeric(said, errors="coerce").groupby([treated[SUBJECT], treated[PARAMETER]]).max().dropna()
    return texts(graded.rename_axis([SUBJECT, "RECORD"]))


def texts(values: pd.Series) -> pd.Series:
    """Values as text: a whole number without a point, a date in ISO 8601, what is missing as ''."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.astype("float64").map(lambda x: "" if pd.isna(x) else f"{x:.12g}").astype("str")
    return values.astype("str").where(values.notna(), "").str.strip().astype("str")


def _told(endpoint: VerifiedEndpoint, apart: pd.DataFrame, register: Register) -> pd.DataFrame:
    """The differences with their places, and which of them are accepted, and why."""
    number = endpoint.record or PARAMETER
    value = apart["RECORD"].where(apart["RECORD"].ne(""), endpoint.parameter)
    records = pd.DataFrame({SUBJECT: apart[SUBJECT], number: value})
    status, why = judged(records, endpoint.dataset, endpoint.variable.split()[0], register)
    told = {
        "ENDPOINT": endpoint.id, "DATASET": endpoint.dataset, "VARIABLE": endpoint.variable, SUBJECT: apart[SUBJECT],
        "RECORD": (number + "=" + value).where(value.ne(""), ""), "ADAM": apart["ADAM"], "SECOND": apart["SECOND"],
        "STATUS": status, "WHY": why,
    }  # fmt: skip
    return pd.DataFrame(told, columns=list(FOUND))


def judged(records: pd.DataFrame, dataset: str, variable: str, register: Register) -> tuple[pd.Series, pd.Series]:
    """The status of each difference, and why it is accepted: by the first line of the register that is of it."""
    why = pd.Series("", index=records.index, dtype="str")
    for line in register.lines:
        alone = Register((line,), register.day)
        met = pd.Series(alone.judge(dataset)(records, "value", variable), index=records.index)
        register.met.update(alone.met)
        why = why.where(why.ne("") | ~met, f"{line.why} ({line.who})")
    return why.ne("").map({True: ACCEPTED, False: OPEN}).astype("str"), why
