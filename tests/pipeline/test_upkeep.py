"""The timings for those who keep the project."""

from pipeline.upkeep import slowest

LOG = """\
    1.000 s  SDTM       2 made of 300 records                                        1.0 s
    1.500 s  made sv: 26758 records, 0.391 s
    2.000 s  made raw:AE: 12 records, 0.012 s
    4.000 s  made adlb: 278565 records, 1.921 s
"""


def test_what_took_longest_is_told_first_with_its_records():
    assert slowest(LOG) == [("adlb", 278565, 1.921), ("sv", 26758, 0.391), ("raw:AE", 12, 0.012)]
