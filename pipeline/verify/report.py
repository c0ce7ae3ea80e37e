"""What a verification found: on the terminal, as one page and as CSV, for the reviewer's guide too."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import pandas as pd

from pipeline.against.report import section, written
from pipeline.ground.plain_csv import csv_text
from pipeline.verify.comparison import FOUND, OPEN, Verdict
from pipeline.verify.printed import ADDRESS
from pipeline.verify.verified import Verified

SHOWN = 20  # differences on the terminal
HOW = (
    "<p>The endpoints below were derived a second time from the SDTM of this run, in SQL written from the analysis "
    "plan, and compared value by value with the analysis datasets; printed counts of subjects and Kaplan-Meier "
    "estimates were made anew from the second derivation and compared with the results. What a study defines "
    "otherwise than the plan is not derived; the table says why.</p>"
)


def lines(verified: Verified) -> Iterator[str]:
    """Lines for the terminal: each endpoint, the printed numbers, the first differences, the register."""
    yield f"{'VerifiedEndpoint':<58}{'Compared':>10}{'Agreed':>8}{'Differ':>8}{'Accepted':>10}"
    for one in verified.verdicts:
        told = f"{one.compared:>10,}{one.agreed:>8,}{one.differed or '':>8}{one.accepted or '':>10}"
        yield f"{one.endpoint.title:<58}" + (f"  not derived: {one.not_derived}" if one.not_derived else told)
    for what, count in verified.counted.compared.items():
        apart = int(verified.counted.found["KIND"].eq(what).sum())
        yield f"{'Printed: ' + what:<58}{count:>10,}{count - apart:>8,}{apart or '':>8}"
    yield from (f"  {problem}" for problem in (*verified.doubts, *verified.register.problems))
    yield from _first(verified)
    yield f"{verified.open:,} differences are open." if verified.open else "Nothing is open: all agrees or is accepted."


def _first(verified: Verified) -> Iterator[str]:
    apart, numbers = differences(verified), verified.counted.found
    for row in apart[apart["STATUS"].eq(OPEN)].head(SHOWN).to_dict("records"):
        place = " ".join(filter(None, (row["DATASET"], row["VARIABLE"], row["USUBJID"], row["RECORD"])))
        yield f"  {place}: ADaM {row['ADAM'] or '(missing)'}, second derivation {row['SECOND'] or '(missing)'}"
    for row in numbers[numbers["STATUS"].eq(OPEN)].head(SHOWN).to_dict("records"):
        place = " ".join(str(row[word]) for word in ADDRESS if row[word])
        yield f"  {place}: printed {row['PRINTED']:g}, second derivation {row['SECOND']:g}"


def differences(verified: Verified) -> pd.DataFrame:
    """All values that differ."""
    found = [one.found for one in verified.verdicts if len(one.found)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(FOUND))


def summary(verified: Verified) -> pd.DataFrame:
    """One record per endpoint: its place in ADaM; how many values were compared, agreed, differed, were accepted."""
    columns = ["CHAPTER", "ENDPOINT", "ADAM", "COMPARED", "AGREED", "DIFFERED", "ACCEPTED", "SAID"]
    return pd.DataFrame([_summed(one) for one in verified.verdicts], columns=columns)


def _summed(one: Verdict) -> tuple[str | int, ...]:
    endpoint = one.endpoint
    place = ".".join(filter(None, (endpoint.dataset, endpoint.parameter, endpoint.variable.replace(" ", "/"))))
    said = f"not derived: {one.not_derived}" if one.not_derived else one.note
    counts = ("",) * 4 if one.not_derived else (one.compared, one.agreed, one.differed, one.accepted)
    return (endpoint.chapter, endpoint.title, place, *counts, said)


def files(verified: Verified) -> dict[str, str]:
    """The files of the report by name."""
    accepted = _register(verified)
    return {
        "verify.csv": csv_text(summary(verified)),
        "verify_differences.csv": csv_text(differences(verified)),
        "verify_numbers.csv": csv_text(verified.counted.found),
        "verify.html": _page(verified, accepted),
    }


def _register(verified: Verified) -> pd.DataFrame:
    """The lines of the register that accepted something here."""
    lines_met = [line for line in verified.register.lines if verified.register.met[line.what]]
    met = [(line.what, line.why, line.who, line.until) for line in lines_met]
    return pd.DataFrame(met, columns=["WHAT", "WHY", "WHO", "UNTIL"], dtype="str")


def _page(verified: Verified, accepted: pd.DataFrame) -> str:
    """The report as one HTML file."""
    told = f"<b>{verified.open:,}</b> differences are open." if verified.open else "All agrees or is accepted."
    kind = verified.counted.found["KIND"]
    numbers = [(what, count, int(kind.eq(what).sum())) for what, count in verified.counted.compared.items()]
    parts = [
        HOW, f"<p>{told}</p>", *(f"<p>{escape(doubt)}</p>" for doubt in verified.doubts),
        section("Endpoints", summary(verified)),
        section("Printed numbers", pd.DataFrame(numbers, columns=["NUMBERS", "COMPARED", "DIFFERED"])),
        section("Values that differ", differences(verified)),
        section("Printed numbers that differ", verified.counted.found), section("Accepted", accepted),
    ]  # fmt: skip
    return written("Verification", escape(verified.study), parts)
