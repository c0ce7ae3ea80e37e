"""Response of other diseases than lymphoma: any category with an overall response counts, and its own terms."""

import pandas as pd
import pytest

from adam.criteria.responses import overall_category
from adam.response.best import best_response


def test_any_category_that_holds_an_overall_response_counts():
    rs = pd.DataFrame({
        "RSCAT": ["NCCN ALL", "NCCN ALL", "ECOG"], "RSTESTCD": ["OVRLRESP", "BMRESP", "ECOG101"],
    })

    assert overall_category(rs).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("seen", "best"),
    [
        (["CRi", "CR"], "CR"), (["CRi", "PR"], "CRi"), (["PR", "CRh", "CRi"], "CRh"), (["MLFS", "PR"], "MLFS"),
        (["SD", "PD"], "SD"),
    ],
)
def test_terms_of_leukaemia_rank_between_cr_and_pr(seen, best):
    day = pd.Timestamp("2025-01-01")
    counted = pd.DataFrame({"USUBJID": "S", "QUALRSP": seen, "RSSEQ": range(len(seen)), "ADT": day})

    assert best_response(counted)["QUALRSP"].tolist() == [best]
