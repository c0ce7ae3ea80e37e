"""Who had CRS, ICANS or GVHD without a grade had it: every row of "any" counts that subject, in each study."""

import re

import pytest
from read_once import specs_of
from tables import given

from pipeline.ground.clauses import meets

ANY = re.compile(r'PARAMCD == "(?P<code>CRSMAXGR|ICANSMAX|AGVHDMAX)" and \(?AVAL >= 1')
# 1 had none; 2 had it, no grade is known; 3 had it of grade 3; of 4 nothing is known.
MAXIMA = given("adcrs", "USUBJID AVAL SRCSEQ\n1 0 .\n2 . 7\n3 3 8\n4 . .").assign(INF2FL="N")


def clauses(study):
    """What rows of "any" ask of the maximum grades, by output."""
    for name, output in specs_of(study).outputs.items():
        for row in output.shell.rows:
            asked = (getattr(row, word, "") for word in ("where", "also", "without"))
            yield from ((name, clause) for clause in asked if clause and ANY.search(clause))


@pytest.mark.parametrize(("study", "at_least"), [("iomab_act", 6), ("bsab12", 2), ("cd38", 3), ("hem101", 4)])
def test_a_row_of_any_counts_who_had_it_without_a_grade(study, at_least):
    found = list(clauses(study))
    had = {(name, clause): "".join(MAXIMA[meets(MAXIMA.assign(PARAMCD=ANY.search(clause)["code"]), clause)]["USUBJID"])
           for name, clause in found}  # fmt: skip

    assert len(found) >= at_least
    assert {place: who for place, who in had.items() if who != "23"} == {}
