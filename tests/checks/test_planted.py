"""Errors planted at random in the example extract: each is found, and what is only written otherwise gives no query."""

import random
import re

import pytest
from check_case import ROOT
from planted import plant
from planted_kinds import KINDS
from read_once import specs_of

from pipeline.gate.snapshot import take_snapshot
from pipeline.intake.delivery import open_delivery

EXTRACT = ROOT / "data" / "iomab_act" / "2026-06-30"
SEED = 7
AT_ONCE = 50  # one error per subject, so that each query is that error's


def queries(specs, folder):
    found = take_snapshot(specs, open_delivery(folder), "2026-06-30").findings
    found = found[found["severity"] != "info"]
    known = found["check"] + "|" + found["form"] + "|" + found["record"] + "|" + found["field"] + "|" + found["message"]
    return found.assign(known=known, digits=found["subject"].map(lambda text: "".join(re.findall(r"\d", text))))


@pytest.mark.slow
@pytest.mark.skipif(not EXTRACT.exists(), reason="the example study is not there")
def test_what_is_planted_is_found_and_what_is_cosmetic_is_not(tmp_path):
    specs = specs_of("iomab_act")
    kinds = random.Random(SEED).sample(KINDS, AT_ONCE)
    made = plant(EXTRACT, tmp_path / "2026-06-30", SEED, kinds)
    before, after = queries(specs, EXTRACT), queries(specs, tmp_path / "2026-06-30")
    new = after[~after["known"].isin(before["known"])]

    about = {row["kind"]: new[new["digits"].eq(row["subject"]) | new["record"].eq(row["record"])] for row in made}
    cosmetic = {row["kind"] for row in made if row["severity"] == "cosmetic"}
    unknown = {kind for kind in about if kind.startswith("unknown subject")}  # told under the number nobody knows

    assert len(made) >= AT_ONCE - 5
    missed = {row["kind"] for row in made if row["kind"] not in cosmetic | unknown and about[row["kind"]].empty}
    assert missed == set()
    assert {kind for kind in cosmetic if len(about[kind])} == set()
