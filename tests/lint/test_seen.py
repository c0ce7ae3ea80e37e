"""Rows name of their records what conditions do: ADT, ADTHI, CARTDY."""

from pipeline.lint.report import lint

ROWS = """output: T-1
family: categories
kind: table
title: [Samples]
datasets: [adsl, pc, suppae]
decisions: [PERCENT_MIN_N]
columns: [{label: All}]
rows:
  - {count: After, of: pc, where: 'CARTDY > 0 and ADT < DTHDT'}
  - {count: Samples, of: pc, where: 'CARTDY > 0', per: record}
  - {summary: First, of: pc, variable: CARTDY, take: first, show: "{mean:x}"}
"""


def test_rows_may_name_the_days_of_sdtm_records_and_not_of_what_has_no_date(small):
    path = small / "specs" / "small" / "tlf" / "t_1.yaml"
    path.write_text(ROWS)
    assert [p.text() for p in lint(small, "small")[0]] == []
    path.write_text(ROWS + "  - {count: Any, of: suppae, where: 'CARTDY > 0'}\n  - {count: S, where: 'CARTDY > 0'}\n")
    assert [p.what for p in lint(small, "small")[0]] == ["SUPPAE has no variable CARTDY", "ADSL has no variable CARTDY"]
