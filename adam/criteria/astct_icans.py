"""Neurotoxicity (ICANS) by the ASTCT consensus of 2019 (Lee et al., Biol Blood Marrow Transplant 2019;25:625).

Codes (a code is the grade it stands for): consciousness 0 awake, 1 awakens spontaneously, 2 to voice, 3 only to
touch, 4 unarousable or vigorous stimuli; seizure 0, 3, 4; motor 0, 4; icp (oedema or raised pressure) 0, 3, 4.
`unable` (cannot perform the test) is Y, N or missing. Any other code counts as missing. Grades are 0 to 4 (death is no
daily grade) and missing only where something missing could change them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

ICE_POINTS = {
    "ICE01": 1, "ICE02": 1, "ICE03": 1, "ICE04": 1,   # year, month, city, hospital
    "ICE05": 3, "ICE06": 1, "ICE07": 1, "ICE08": 1,   # three objects, command, sentence, counting
}  # fmt: skip
AROUSAL = [0, 1, 2, 3, 4]
CODES = {"seizure": [0, 3, 4], "motor": [0, 4], "icp": [0, 3, 4]}


@dataclass(frozen=True)
class NeuroTestRule:
    """What plans say of the test otherwise than the paper: unable is 4, no score says nothing, one above 10 is 10."""

    unable_always_4: bool = False
    without_score: bool = False
    over_is_full: bool = False


PUBLISHED = NeuroTestRule()


def ice_total(items: pd.DataFrame) -> pd.Series:
    """ICE total 0 to 10 from the columns ICE01 to ICE08; missing when an item is missing or out of its range."""
    points = items[list(ICE_POINTS)].apply(pd.to_numeric, errors="coerce")
    valid = points.ge(0) & points.le(pd.Series(ICE_POINTS))
    return points.where(valid).sum(axis=1, min_count=len(ICE_POINTS))


def icans_grade(
    ice: pd.Series,
    unable: pd.Series,
    consciousness: pd.Series,
    seizure: pd.Series,
    motor: pd.Series,
    icp: pd.Series,
    rule: NeuroTestRule = PUBLISHED,
) -> pd.Series:
    """ICANS grade 0 to 4 of each row: the worst of ICE, consciousness, seizure, motor and oedema; from age 12 on.

    1. ICE 7 to 9 is grade 1, 3 to 6 grade 2, 0 to 2 grade 3; outside 0 to 10 it is no score.
    2. ICE 0 or not done is grade 4 in a patient who is unarousable: consciousness 4, or `unable` where nobody recorded
       the consciousness. Who is unable and can be aroused (global aphasia) has ICE 0, grade 3.
    3. A score above 0 contradicts `unable` and counts.
    4. By the rule who is unable is always of grade 4, a day without a score is graded by the other signs, and a score
       above 10 counts as 10.
    """
    score = ice_score(ice, rule)
    points = pd.Series(np.select([score == 10, score >= 7, score >= 3, score >= 0], [0.0, 1.0, 2.0, 3.0], np.nan))
    points = points.set_axis(ice.index).mask(score.isna() & unable.isin(["Y"]), 3.0)
    silent = (score.isna() | score.eq(0)) & unable.isin(["Y"]) & _code(consciousness, AROUSAL).isna()
    silent = unable.isin(["Y"]) if rule.unable_always_4 else silent
    points = points.fillna(0.0) if rule.without_score else points
    return _worst(points, silent, consciousness, seizure, motor, icp)


def ice_score(ice: pd.Series, rule: NeuroTestRule = PUBLISHED) -> pd.Series:
    """The score 0 to 10; what is outside is none, above 10 by the rule 10."""
    score = pd.to_numeric(ice, errors="coerce")
    return (score.clip(upper=10) if rule.over_is_full else score).where(lambda points: points.between(0, 10))


def capd_grade(
    capd: pd.Series,
    unable: pd.Series,
    consciousness: pd.Series,
    seizure: pd.Series,
    motor: pd.Series,
    icp: pd.Series,
    rule: NeuroTestRule = PUBLISHED,
) -> pd.Series:
    """ICANS grade 0 to 4 of each row for children with CAPD (0 to 32) in place of ICE.

    CAPD 1 to 8 is grade 1 (or 2, then shown by consciousness to voice), 9 or more grade 3; unable to perform is
    grade 4 whatever the score. The other domains are those of `icans_grade`.
    """
    score = pd.to_numeric(capd, errors="coerce")
    points = pd.Series(np.select([score >= 9, score >= 1, score == 0], [3.0, 1.0, 0.0], np.nan))
    points = points.set_axis(capd.index).where(score <= 32)
    points = points.fillna(0.0) if rule.without_score else points
    return _worst(points, unable.isin(["Y"]), consciousness, seizure, motor, icp)


def _worst(
    test: pd.Series,
    unarousable: pd.Series,
    consciousness: pd.Series,
    seizure: pd.Series,
    motor: pd.Series,
    icp: pd.Series,
) -> pd.Series:
    """The worst domain with everything missing taken as harmless and as bad as can be; missing where they differ."""
    bounds = []
    for missing in (0, 1):
        arousal = _code(consciousness, AROUSAL).fillna(4.0 * missing)
        domains = [test.fillna(3.0 * missing).mask(unarousable, 4.0), arousal]
        for column, name in ((seizure, "seizure"), (motor, "motor"), (icp, "icp")):
            domains.append(_code(column, CODES[name]).fillna(4.0 * missing))
        bounds.append(pd.concat(domains, axis=1).max(axis=1))
    return bounds[0].where(bounds[0] == bounds[1])


def _code(column: pd.Series, known: list[int]) -> pd.Series:
    number = pd.to_numeric(column, errors="coerce")
    return number.where(number.isin(known))
