"""Each check of published figures on figures of its own; the expected counts and intervals are worked by hand."""

import pytest

from pipeline.ground.faults import TrialError
from pipeline.literature.checks import all_issues
from pipeline.literature.table import read_figures

HEAD = "trial,population,endpoint,time,n,x,value,interval"


def found(tmp_path, *lines, head=HEAD):
    file = tmp_path / "figures.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return [(i.check, i.severity) for i in all_issues(read_figures(file))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("T,all,CR,,12,,41.7,", []),  # 5 of 12
        ("T,all,CR,,12,,41.6,", [("PUB-GRIM", "critical")]),
        ("T,all,CR,,40,,62.5,", []),  # 25 of 40
        ("T,all,CR,,40,,63,", [("PUB-ROUND", "info")]),  # 62.5 half-up
        ("T,all,CR,,40,,62,", [("PUB-ROUND", "info")]),  # 62.5 half-even
        ("T,all,CR,,61,46,75,", []),
        ("T,all,CR,,61,46,76,", [("PUB-GRIM", "critical"), ("PUB-COUNT", "critical")]),
        ("T,all,CR,,6,7,,", [("PUB-PART", "critical")]),
        ("T,all,CR,,12,6,50,21.1-78.9", []),  # exact
        ("T,all,CR,,12,6,50,25.4-74.6", [("PUB-INTERVAL", "minor")]),  # Wilson
        ("T,all,CR,,12,6,50,51.0-78.9", [("PUB-INTERVAL", "critical")]),
        ("T,all,CR,,,,101%,", [("PUB-RANGE", "critical")]),
        ("T,all,PFS,12 months,12,,54.5,", []),  # 6/11
        ("T,all,PFS,12 months,12,,54.4,", [("PUB-KM", "critical")]),
        ("T,all,ORR,,12,,100%,73.5 to 100.0", []),
    ],
)
def test_a_single_figure(tmp_path, line, expected):
    assert found(tmp_path, line) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["T,all,ORR,,20,,40,", "T,all,CR,,20,,45,"], [("PUB-PART", "critical")]),
        (["T,all,ORR,,20,,45,", "T,all,CR,,20,,45,"], []),
        (["T,all,ORR,,20,,60,", "T,all,CR,,20,,30,", "T,all,PR,,20,,25,"], [("PUB-SUM", "critical")]),
        (["T,a,PFS,1 year,,,45,", "T,a,NRM,1 year,,,22,", "T,a,RELAPSE,1 year,,,33,"], []),
        (["T,a,PFS,1 year,,,45,", "T,a,NRM,1 year,,,22,", "T,a,RELAPSE,1 year,,,34,"], []),  # 101: rounding
        (["T,a,PFS,1 year,,,45,", "T,a,NRM,1 year,,,22,", "T,a,RELAPSE,1 year,,,36,"], [("PUB-SUM", "critical")]),
        (["T,a,PFS,12 months,12,,54.5,", "T,a,OS,12 months,12,,50.5,"], [("PUB-ORDER", "minor")]),
        (["T,a,DOR,,,,4.4,", "T,a,PFS,,,,11.5,"], [("PUB-DURATION", "minor")]),
        (["T,a,DOR,,,,Not reached,", "T,a,PFS,,,,11.5,"], []),
        (["T,a,N,,,,51,", "T,a,N,,,,52,"], [("PUB-TEXT", "major")]),
        (["T,a,N,,,,51,", "T,b,N,,,,52,"], []),
        (["T,a,DOR,,,,Not reported,", "T,a,DOR,,,,4.4,"], []),  # silence contradicts nothing
    ],
)
def test_figures_beside_one_another(tmp_path, lines, expected):
    assert found(tmp_path, *lines) == expected


def test_a_part_larger_than_its_whole(tmp_path):
    head = "trial,population,part_of,endpoint,value"
    assert found(tmp_path, "T,all,,N,40", "T,after CAR-T,all,N,41", head=head) == [("PUB-PART", "critical")]


def test_a_missing_column_is_said_with_its_place(tmp_path):
    with pytest.raises(TrialError) as error:
        found(tmp_path, "T,all,CR", head="trial,population,endpoint")
    assert "lacks the column value" in str(error.value)
    assert "line 1" in str(error.value)


def test_an_interval_that_cannot_be_read_is_said_with_its_line(tmp_path):
    with pytest.raises(TrialError) as error:
        found(tmp_path, "T,all,CR,,12,6,50,from 21")
    assert "line 2" in str(error.value)
