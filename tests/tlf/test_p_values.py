"""A p-value is printed wherever there is one: of no responder it is 1."""

import pytest

from tlf.lines import p_value

NAN = float("nan")


@pytest.mark.parametrize(
    ("n", "p", "printed"),
    [(0.0, 1.0, "1.000"), (3.0, 0.0579, "0.058"), (3.0, 0.00001, "<0.001"), (3.0, None, "-"), (0.0, NAN, "-")],
)
def test_a_p_value_is_printed_where_there_is_one(n, p, printed):
    values = {"n": (n, "")} | ({} if p is None else {"p_value": (p, "")})
    assert p_value(values) == printed
