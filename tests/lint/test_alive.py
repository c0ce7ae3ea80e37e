"""Slips in alive.yaml: each is told where it stands, with the word that was probably meant."""

import pytest

from pipeline.lint.report import lint

ALIVE = """samples: {of: pc, date: PCDTC, where: 'PCSPEC != ""'}
leukapheresis: {of: pr, date: PRSTDTC, decision: LSTALV_LEUK}
biopsies:
"""


@pytest.mark.parametrize(("written", "instead", "said"), [
    ("", "", ""),
    ("of: pc", "of: pcc", "error: unknown dataset 'pcc'; did you mean pc"),
    ("PCDTC", "PCDAT", "error: PC has no variable or qualifier PCDAT; did you mean"),
    ("PCSPEC", "PCSPECC", "error: PC has no variable PCSPECC; did you mean PCSPEC"),
    ("LSTALV_LEUK", "LSTALV_LEUC", "error: unknown decision 'LSTALV_LEUC' of Y or N; did you mean LSTALV_LEUK"),
    ("date: PRSTDTC, ", "", "error: `leukapheresis` lacks `date:`; add it"),
])  # fmt: skip
def test_a_slip_is_told_where_it_stands(small, written, instead, said):
    assert written in ALIVE
    text = ALIVE.replace(written, instead, 1) if written else ALIVE
    (small / "specs" / "small" / "alive.yaml").write_text(text)
    found = [problem.text() for problem in lint(small, "small")[0] if "alive.yaml" in problem.text()]
    assert (said in found[0] if said else not found), found
