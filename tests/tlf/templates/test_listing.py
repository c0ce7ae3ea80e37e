"""Family `listing`: one line per record, in blocks."""

import pandas as pd
from adam_frames import DECISIONS, shell, subjects

from tlf.templates import listing

OUTPUT = shell(
    columns=[{"label": "Subject"}, {"label": "Reason"}, {"label": "Death"}], sort=["COHORT", "SUBJID"],
    blocks=[{"label": "Not in SAS", "where": 'SAFFL == "N"', "cells": ["SUBJID", "SAFEXRSN", "DTHDT"]},
            {"label": "Not in EAS", "where": 'EASFL == "N"', "cells": ["SUBJID", "EASEXRSN", "DTHDT"]}],
)


def made():
    adsl = subjects(3, COHORT=["B", "A", None], SAFFL="Y", EASFL="N", SAFEXRSN=None,
                    EASEXRSN=["LOST", "WITHDREW", None],
                    DTHDT=pd.to_datetime(["2025-02-01", None, None]).astype("datetime64[s]"))
    return listing.results(OUTPUT, {"adsl": adsl, "decisions": DECISIONS}), adsl


def test_a_listing_is_sorted_and_an_empty_block_says_none():
    results, _ = made()
    assert [row.cells for row in listing.body(OUTPUT, results).rows] == [
        ("Not in SAS (n=0)",), ("None",), ("Not in EAS (n=3)",), ("02", "WITHDREW", ""), ("01", "LOST", "2025-02-01"),
        ("03", "", "")]


def test_every_listed_cell_names_the_one_record_it_comes_from():
    results, adsl = made()
    cells = results[results["STATISTIC"].eq("text") & results["GROUP"].eq("Subject")]
    assert [adsl.query(where)["SUBJID"].tolist() for where in cells["WHERE"]] == [["02"], ["01"], ["03"]]
