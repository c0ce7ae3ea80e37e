"""Counts that are tested against a rate, and exposure-adjusted incidence; the numbers are R's, the days by hand."""

import numpy as np
import pandas as pd
from adam_frames import DECISIONS, printed, records, shell, subjects, typed
from walk import counted_again

from tlf import families
from tlf.templates import categories

DAY = pd.Timestamp("2026-01-01")


def dates(*days):
    """Dates by their number, the first of January being 1."""
    return [pd.NaT if day is None else DAY + pd.Timedelta(days=day - 1) for day in days]


# first treatment on day 1, cells on day 11 (the third never), death, data cut on day 200
ADSL = subjects(4, SAFFL="Y", TRTSDT=dates(1, 1, 1, 1), CARTSDT=dates(11, 11, None, 11),
                DTHDT=dates(None, 61, None, None), DCUTDT=dates(200, 200, 200, 200))  # fmt: skip
ADAE = typed(pd.DataFrame({
    "USUBJID": ["S-01", "S-01", "S-02", "S-04"], "AEBODSYS": ["Blood", "Blood", "Heart", "Blood"],
    "ASTDT": dates(20, 40, 30, None), "ATOXGRN": [1.0, 3.0, 1.0, 1.0]}))  # fmt: skip
AT_RISK = {"from": "TRTSDT", "until": ["DTHDT", "DCUTDT"], "days": "@LAST_DAY", "after": "CARTSDT"}
TOLD = DECISIONS | {"last_day": 100, "month_days": 30}


def made(row, **data):
    output = shell(rows=[row], decisions=[name.upper() for name in TOLD])
    data = {"adsl": ADSL, "adae": ADAE, "decisions": TOLD} | data
    results = families.results(categories, output, data)
    assert counted_again(results, data) == []
    months = results[results["STATISTIC"] == "months"].set_index("ROWID")["VALUE"]
    return (months * 30).round(9).to_dict(), printed(families.page(categories, output, results))


def test_a_subject_is_at_risk_to_the_first_event_else_to_the_end_both_days_included():
    days, page = made({"count": "Any", "of": "adae", "where": "ATOXGRN >= 1", "time_at_risk": AT_RISK})
    # 20 and 30 days to the event; never infused: to the cut, 200; an event without a date: to day 111 (11 + 100)
    assert days == {"Any": 20 + 30 + 200 + 111}
    assert page["Any"] == ("3/12.0  24.9 (5.1, 72.9)",)  # poisson.test(3, 3.61 * 10 / 3) per 100


def test_the_heads_say_what_the_cells_of_a_rate_are():
    rows = [{"count": "Any", "of": "adae", "where": "ATOXGRN >= 1", "time_at_risk": AT_RISK}]
    output = shell(rows=rows, decisions=[name.upper() for name in TOLD])
    results = families.results(categories, output, {"adsl": ADSL, "adae": ADAE, "decisions": TOLD})
    head = families.page(categories, output, results).columns[1].label
    assert head.endswith("n/months, rate (CI)")


def test_a_death_ends_the_time_at_risk_of_a_subject_without_event():
    days, page = made({"count": "Grade 3", "of": "adae", "where": "ATOXGRN >= 3", "time_at_risk": AT_RISK})
    assert days == {"Grade 3": 40 + 61 + 200 + 111}
    assert page["Grade 3"][0].startswith("1/13.7  7.3 ")


def test_every_term_has_time_at_risk_of_its_own():
    parts = [{"label": "grade >=3", "where": "ATOXGRN >= 3"}]
    days, _ = made({"terms": "AE", "of": "adae", "where": "ATOXGRN >= 1", "by": ["AEBODSYS"], "parts": parts,
                    "time_at_risk": AT_RISK})  # fmt: skip
    assert days == {"AE / Blood": 20 + 61 + 200 + 111, "AE / Blood / grade >=3": 40 + 61 + 200 + 111,
                    "AE / Heart": 111 + 30 + 200 + 111, "AE / Heart / grade >=3": 111 + 61 + 200 + 111}  # fmt: skip


def test_who_was_never_at_risk_is_told_in_the_results():
    adsl = ADSL.assign(TRTSDT=dates(1, 1, None, 1))
    row = {"count": "Any", "of": "adae", "where": "ATOXGRN >= 1", "time_at_risk": AT_RISK}
    output = shell(rows=[row], decisions=[name.upper() for name in TOLD])
    results = families.results(categories, output, {"adsl": adsl, "adae": ADAE, "decisions": TOLD})
    assert results.set_index("STATISTIC").loc["months", "NOTE"] == "1 subjects without known time"


def test_the_rate_of_a_term_is_that_of_the_count_of_its_records_in_every_column():
    """Of 40 subjects with unknown starts and ends, and events without a date; the count looks at its records anew."""
    rng = np.random.default_rng(7)
    some = rng.permuted(np.tile([1.0, 5.0, np.nan, 9.0], 10))
    adsl = subjects(40, SAFFL="Y", SEX=["F", "M"] * 20, TRTSDT=DAY + pd.to_timedelta(some, unit="D"),
                    CARTSDT=dates(*[11, None] * 20), DCUTDT=dates(*[200, None] * 20),
                    DTHDT=dates(*[None, 90, None, None] * 10))  # fmt: skip
    days = pd.Series(rng.integers(1, 150, 300).astype(float)).mask(rng.random(300) < 0.2)
    adae = typed(pd.DataFrame({
        "USUBJID": rng.choice(adsl["USUBJID"], 300), "AEBODSYS": rng.choice(["Blood", "Heart", "Skin"], 300),
        "ATOXGRN": rng.integers(1, 5, 300).astype(float), "ASTDT": DAY + pd.to_timedelta(days, unit="D")}))  # fmt: skip
    columns = [{"label": "All"}, {"label": "Women", "where": 'SEX == "F"'}]
    terms = {"terms": "AE", "of": "adae", "by": ["AEBODSYS"], "time_at_risk": AT_RISK,
             "parts": [{"label": "severe", "where": "ATOXGRN >= 3"}]}  # fmt: skip
    counts = [{"count": f"{term}{part and ' / severe'}", "of": "adae", "time_at_risk": AT_RISK,
               "where": f'AEBODSYS == "{term}"{part}'}
              for term in ("Blood", "Heart", "Skin") for part in ("", " and ATOXGRN >= 3")]  # fmt: skip
    of_terms, of_counts = (_numbers([*rows], columns, adsl, adae) for rows in ([terms], counts))

    assert len(of_terms) > 80
    assert {(row.removeprefix("AE / "), *at): told for (row, *at), told in of_terms.items()} == of_counts


def _numbers(rows, columns, adsl, adae):
    """Value and note of each statistic, by row, column and statistic."""
    output = shell(rows=rows, columns=columns, decisions=[name.upper() for name in TOLD])
    results = families.results(categories, output, {"adsl": adsl, "adae": adae, "decisions": TOLD})
    told = results[~results["ROWID"].str.startswith(("Decision", "Subjects"))].fillna({"VALUE": -1})
    return {(row, group, name): (value, note) for row, group, name, value, note in
            zip(*(told[name] for name in ("ROWID", "GROUP", "STATISTIC", "VALUE", "NOTE")), strict=True)}  # fmt: skip


def test_a_share_is_tested_against_a_rate():
    adrs = records("BOR", list(range(1, 11)), AVALC=["CR"] * 4 + ["PD"] * 6)
    row = {"count": "CR", "of": "adrs", "where": 'AVALC == "CR"', "p0": "0.2"}
    output = shell(rows=[row])
    data = {"adsl": subjects(10), "adrs": adrs, "decisions": DECISIONS}
    page = printed(families.page(categories, output, families.results(categories, output, data)))
    assert page["Exact test against p0, one-sided p"] == ("0.121",)  # binom.test(4, 10, 0.2, "greater")
