"""Family `toxicity`: the same rows on two sets, and what the efficacy set loses (analysis plan F0-5)."""

from adam_frames import DECISIONS, printed, records, shell, subjects

from tlf import families
from tlf.templates import toxicity

ROWS = [
    {"count": "Any CRS", "of": "adcrs", "where": 'PARAMCD == "CRSMAXGR" and AVAL >= 1', "interval": "exact",
     "show": "{n:x}/{N:x} ({pct:x.x})"},
    {"count": "Grade 3 or higher", "of": "adcrs", "where": 'PARAMCD == "CRSMAXGR" and AVAL >= 3',
     "interval": "exact", "show": "{n:x}/{N:x} ({pct:x.x})"},
]
SETS = [{"label": "SAS", "where": 'SAFFL == "Y"'}, {"label": "EAS", "where": 'EASFL == "Y"'}]


def page(efficacy, grades):
    adsl = subjects(4, SAFFL="Y", EASFL=efficacy)
    adcrs = records("CRSMAXGR", [1, 2, 3, 4], AVAL=grades)
    output = shell(rows=ROWS, sets=SETS)
    results = families.results(toxicity, output, {"adsl": adsl, "adcrs": adcrs, "decisions": DECISIONS})
    return results, families.page(toxicity, output, results)


def test_a_subject_who_dies_of_crs_without_a_scan_is_in_the_safety_set_alone_and_the_note_says_so():
    results, table = page(["Y", "Y", "Y", "N"], [0.0, 1.0, 1.0, 5.0])
    assert [row.cells for row in table.rows if row.cells[0] == "Grade 3 or higher"] == [
        ("Grade 3 or higher", "1/4 (25.0)"), ("Grade 3 or higher", "0/3 (0.0)")]
    assert table.rows[-1].cells == (
        "Numerators differ between the sets (column All). Any CRS: 3 (SAS), 2 (EAS); "
        "Grade 3 or higher: 1 (SAS), 0 (EAS).",)
    noted = results[results["NOTE"].str.startswith("numerators differ")]
    assert set(noted["ROWID"]) == {f"{name} / {row['count']}" for name in ("SAS", "EAS") for row in ROWS}


def test_sets_that_lose_nobody_with_the_event_have_no_note():
    _, table = page(["N", "Y", "Y", "Y"], [0.0, 1.0, 1.0, 3.0])
    assert not any(row.cells[0].startswith("Numerators") for row in table.rows)
    assert printed(table)["Any CRS"] == ("3/4 (75.0)",)
