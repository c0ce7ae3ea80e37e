"""Results of trials as printed, recomputed to the printed digits (printed.csv names where each is read).

A count that is not printed is every count that prints as the rate does, of which one gives the printed limits.
"""

import csv
from pathlib import Path

import pytest

from tlf.shell import cell, rounded
from tlf.stats.binomial import INTERVALS
from tlf.stats.grim import possible_counts

FILE = Path(__file__).parent / "printed.csv"
RESULTS = list(csv.DictReader(FILE.open(encoding="utf-8")))
DISAGREE = {  # what does not come out, and why
    ("NCT03361748 phase 1", "Objective response 150 to 800 x 10^6"): "27/30: 73.47 rounded twice, to 73.5 and to 74",
    (
        "NCT03361748 phase 1",
        "PR 150 x 10^6",
    ): "1/8 is 12.5, printed 12, while 5/8 in the same column is 62.5, printed 63",
    ("ELARA", "Overall response"): "97 were infused; the limits are those of the 94 in whom efficacy was analysed",
    ("Brexucel registries", "Response to bridging US"): "32/95 is 33.7, cut to 33",
    ("Real-world CAR-T", "Kwon response infused"): "no count of 261 has 57 % with these limits: exact ones end at 63",
}


def says(value, printed):
    """The number as it would be printed, to the digits of the printed one."""
    places = len(printed.partition(".")[2])
    return rounded(100 * value, places)


def agrees(result, x):
    n = int(result["n"])
    if says(x / n, result["percent"]) != result["percent"]:
        return False
    found = [INTERVALS["CLOPPER-PEARSON"](x, n)[name].value for name in ("lower", "upper")]
    printed = (result["low"], result["high"])
    return all(not one or says(value, one) == one for value, one in zip(found, printed, strict=True))


def recomputed(result):
    counts = [int(result["x"])] if result["x"] else possible_counts(result["percent"], int(result["n"]))
    return any(agrees(result, x) for x in counts)


def test_more_than_sixty_printed_results_come_out_to_the_printed_digits():
    others = {(result["source"].partition(" (")[0], result["result"]) for result in RESULTS if not recomputed(result)}
    assert others == DISAGREE.keys()
    assert sum(bool(result["low"]) for result in RESULTS) == 39
    assert len(RESULTS) - len(others) == 101


@pytest.mark.parametrize(
    ("result", "recomputed_to"),
    [("Objective response 150 to 800 x 10^6", "73.5 to 97.9"), ("PR 150 x 10^6", "0.3 to 52.7")],
)
def test_what_stands_in_place_of_a_printed_result(result, recomputed_to):
    one = next(one for one in RESULTS if one["result"] == result)
    found = INTERVALS["CLOPPER-PEARSON"](int(one["x"]), int(one["n"]))
    assert (
        cell("{lower%:x.x} to {upper%:x.x}", {name: found[name].value for name in ("lower", "upper")}) == recomputed_to
    )
