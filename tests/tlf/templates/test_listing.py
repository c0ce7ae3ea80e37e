"""Family `listing`: one line per record, in blocks."""

from dataclasses import replace

import pandas as pd
from adam_frames import DECISIONS, shell, subjects

from tlf import families
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
    return families.results(listing, OUTPUT, {"adsl": adsl, "decisions": DECISIONS}), adsl


def test_a_listing_is_sorted_and_an_empty_block_says_none():
    results, _ = made()
    assert [row.cells for row in families.page(listing, OUTPUT, results).rows] == [
        ("Not in SAS (n=0)",), ("None",), ("Not in EAS (n=3)",), ("02", "WITHDREW", ""), ("01", "LOST", "2025-02-01"),
        ("03", "", "")]


def test_a_listing_prints_the_words_given_for_a_value_and_the_results_keep_the_value():
    results, _ = made()
    words = {"EASEXRSN": {"LOST": "Lost before any scan"}, "SAFEXRSN": {"WITHDREW": "another variable's"}}
    rows = families.page(listing, replace(OUTPUT, words=words), results).rows
    assert [row.cells[1] for row in rows[3:]] == ["WITHDREW", "Lost before any scan", ""]
    assert "LOST" in set(results["VALUEC"])


def test_a_number_is_listed_to_six_digits_and_all_before_the_point():
    values = [1.08983957219, 127909.343019, 1730994.53, 0.00012345678, 49.1, 3.0]
    adsl = subjects(6, SAFFL="N", AGE=values)
    output = shell(columns=[{"label": "Subject"}, {"label": "Value"}], sort=["SUBJID"],
                   blocks=[{"label": "All", "where": 'SAFFL == "N"', "cells": ["SUBJID", "AGE"]}])  # fmt: skip
    results = families.results(listing, output, {"adsl": adsl, "decisions": DECISIONS})
    assert [row.cells[1] for row in families.page(listing, output, results).rows[1:]] == [
        "1.08984", "127909", "1730995", "0.00012345678", "49.1", "3"]  # fmt: skip


def test_a_key_that_no_record_has_is_no_column_and_any_other_empty_column_stands():
    adsl = subjects(2, SAFFL="N", COHORT=None, EASEXRSN=None)
    block = {"label": "All", "where": 'SAFFL == "N"', "cells": ["SUBJID", "COHORT", "EASEXRSN"]}
    columns = [{"label": "Subject"}, {"label": "Part"}, {"label": "Reason"}]
    output = shell(columns=columns, sort=["SUBJID"], keys="2", blocks=[block])
    page = families.page(listing, output, families.results(listing, output, {"adsl": adsl, "decisions": DECISIONS}))
    assert ([column.label for column in page.columns], page.keys) == (["Subject", "Reason"], 1)
    assert [row.cells for row in page.rows] == [("All (n=2)",), ("01", ""), ("02", "")]


def test_the_rows_of_a_block_stand_under_its_heading_and_those_of_a_subject_stay_together():
    results, _ = made()
    twice = results["VALUEC"].replace({"01": "02"})
    rows = families.page(listing, OUTPUT, results.assign(VALUEC=twice)).rows
    assert [(row.indent, row.header, row.keep_with_next) for row in rows[2:]] == [
        (0, True, True), (1, False, True), (1, False, False), (1, False, False)]


def test_every_listed_cell_names_the_one_record_it_comes_from():
    results, adsl = made()
    cells = results[results["STATISTIC"].eq("text") & results["GROUP"].eq("Subject")]
    assert [adsl.query(where)["SUBJID"].tolist() for where in cells["WHERE"]] == [["02"], ["01"], ["03"]]
