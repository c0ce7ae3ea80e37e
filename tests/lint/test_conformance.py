"""conformance.csv: a row that no dataset could be held to is told where it stands."""

import pytest

from pipeline.lint.conformance import check_notes, check_rules
from pipeline.lint.places import read_grid
from pipeline.study.conformance import COLUMNS, NOTES

GOOD = "R,says,source,AE,,holds,--SER == 'Y',,\n"


@pytest.mark.parametrize(("rows", "said"), [
    (GOOD, ""),
    ("R,s,s,AE,--SER = 'Y',holds,--SER == 'Y',,\n", "x.csv:2:10 error: The condition \"--SER"),
    ("R,s,s,AE,,holds,--SER ==,,\n", "x.csv:2:17 error: The condition '--SER ==' cannot be read"),
    ("R,s,s,,,holds,--SER == 'Y',,\n", "x.csv:2:7 error: of is empty"),
    ("R,s,s,AE,,hold,--SER == 'Y',,\n", "x.csv:2:11 error: check cannot be 'hold'; did you mean holds"),
    ("R,s,s,AE,,one_to_one,--PTCD,,\n", "x.csv:2:22 error: one_to_one is of two variables; name two"),
    ("R,s,s,AE,,known,USUBJID,,\n", "x.csv:2:25 error: known is not told of a dataset"),
    ("R,s,s,AE,,once,USUBJID,DM.USUBJID,\n", "x.csv:2:24 error: once is told of a dataset; take it out"),
    ("R,s,s,AE,,known,USUBJID,DM.USUBJID DTHDTC,\n", "x.csv:2:25 error: 1 variables are compared with 2"),
    (GOOD + ",,,,,,and --SEV ==,,\n", "x.csv:2:25 error: The condition \"--SER == 'Y' and --SEV ==\" cannot be read"),
])  # fmt: skip
def test_slips_are_told_with_their_place(tmp_path, rows, said):
    path = tmp_path / "conformance.csv"
    path.write_text(",".join(COLUMNS) + "\n" + rows, encoding="utf-8")
    grid = read_grid(path, "x.csv")
    found = [*check_rules(grid)]

    assert (found[0].text() if found else "").startswith(said) and bool(found) == bool(said)


@pytest.mark.parametrize(("row", "said"), [
    ("KEYS,AE,--SER == 'Y',why", ""), ("KEY,AE,,why", "x.csv:2:1 error: there is no rule KEY; did you mean KEYS"),
    ("KEYS,,,why", "x.csv:2:6 error: of is empty"), ("KEYS,AE,,", "x.csv:2:10 error: explained is empty"),
    ("KEYS,AE,--SER = 'Y',why", "x.csv:2:9 error: The condition \"--SER = 'Y'\" cannot be read"),
])  # fmt: skip
def test_slips_of_notes_are_told_with_their_place(tmp_path, row, said):
    path = tmp_path / "conformance_notes.csv"
    path.write_text(",".join(NOTES) + "\n" + row + "\n", encoding="utf-8")
    found = [*check_notes([read_grid(path, "x.csv")], [])]

    assert (found[0].text() if found else "").startswith(said) and bool(found) == bool(said)
