"""CAR-HEMATOTOX (analysis plan 4.4)."""

from recipes import criteria_table

from adam.criteria.car_hematotox import car_hematotox

NUMBERS = ("PLAT", "NEUT", "HGB", "CRP", "FERRITIN", "score")


def test_points_at_their_boundaries(table):
    given = table("""
        PLAT|NEUT|HGB|CRP |FERRITIN|score|risk
        176 |1.21|91 |29.9|649     |0    |LOW
        175 |1.21|91 |29.9|649     |1    |LOW
        75  |1.21|91 |29.9|649     |1    |LOW
        74  |1.21|91 |29.9|649     |2    |HIGH
        176 |1.2 |91 |29.9|649     |1    |LOW
        176 |1.21|90 |29.9|649     |1    |LOW
        176 |1.21|91 |30  |649     |1    |LOW
        176 |1.21|91 |29.9|650     |1    |LOW
        176 |1.21|91 |29.9|2000    |1    |LOW
        176 |1.21|91 |29.9|2001    |2    |HIGH
        74  |1.2 |90 |30  |2001    |7    |HIGH
        """, numbers=NUMBERS)  # fmt: skip
    found = car_hematotox(given, criteria_table("hematotox_2021"))
    assert found["HTSCORE"].tolist() == given["score"].tolist()
    assert found["HTRISK"].tolist() == given["risk"].tolist()


def test_a_missing_marker_leaves_the_score_open_and_the_risk_where_it_could_change(table):
    given = table("""
        PLAT|NEUT|HGB|CRP |FERRITIN|risk
        74  |    |91 |29.9|649     |HIGH
        176 |    |91 |29.9|649     |LOW
        176 |    |90 |29.9|649     |
        176 |1.21|91 |29.9|        |
        """, numbers=NUMBERS[:-1])  # fmt: skip
    found = car_hematotox(given, criteria_table("hematotox_2021"))
    assert found["HTSCORE"].isna().all()
    assert found["HTRISK"].fillna("").tolist() == given["risk"].fillna("").tolist()
