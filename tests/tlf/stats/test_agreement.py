"""Cohen's kappa against the example of SAS PROC FREQ (skin condition data of two dermatologists) and by hand."""

import pytest

from tlf.stats.agreement import kappa

SKIN = ["terrible", "poor", "marginal", "clear"]
COUNTS = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
FIRST = [SKIN[i] for i, row in enumerate(COUNTS) for n in row for _ in range(n)]
SECOND = [SKIN[j] for row in COUNTS for j, n in enumerate(row) for _ in range(n)]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [  # SAS/STAT, The FREQ Procedure, Agreement Study: estimate, ASE, 95 % limits
        ("NONE", ["0.3449", "0.0724", "0.2030", "0.4868"]), ("LINEAR", ["0.5082", "0.0655", "0.3798", "0.6366"]),
    ],
)  # fmt: skip
def test_kappa_and_its_limits_are_the_printed_ones(weights, expected):
    found = kappa(FIRST, SECOND, SKIN, weights=weights)
    assert [f"{found[name].value:.4f}" for name in ("estimate", "se", "lower", "upper")] == expected
    assert (found["n"].value, found["agreement"].value) == (88, 45 / 88)


def test_quadratic_weights_forgive_near_readings_by_hand():
    # readings 1-1, 1-2, 3-3, 3-2: weights 1, 3/4, 1, 3/4: observed 7/8; rows 1/2 0 1/2, columns 1/4 1/2 1/4:
    # expected = sum of products x weights = 1/8 (1 + 0) x 2 + 1/4 x 3/4 x 2 = 5/8; kappa = (7/8 - 5/8) / (3/8) = 2/3
    found = kappa(["1", "1", "3", "3"], ["1", "2", "3", "2"], ["1", "2", "3"], weights="QUADRATIC")
    assert found["estimate"].value == pytest.approx(2 / 3)


def test_a_subject_with_one_reading_does_not_count():
    assert kappa([*FIRST, "poor"], [*SECOND, None], SKIN) == kappa(FIRST, SECOND, SKIN)


def test_where_there_is_no_kappa_the_note_says_why():
    same = kappa(["CR", "CR"], ["CR", "CR"], ["CR", "PR"])
    assert (same["agreement"].value, same["estimate"].note) == (1, "NE: not estimable, all readings are the same")
    assert kappa(["CR"], [None], ["CR", "PR"])["agreement"].note == "NE: not estimable, no subject has both"


@pytest.mark.parametrize(
    ("reading", "weights", "says"), [("SD", "NONE", "'SD' is no category"), ("CR", "SOME", "weights are 'SOME'")]
)
def test_a_reading_or_weights_that_nobody_knows_are_refused(reading, weights, says):
    with pytest.raises(ValueError, match=says):
        kappa([reading], ["CR"], ["CR", "PR"], weights=weights)
