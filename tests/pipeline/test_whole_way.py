"""The example study from end to end: its known results, the same bytes twice, and only what changed made anew."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from mini_extract import ROOT, example_copy, remanifest

from pipeline.engine.graph import order
from pipeline.engine.store import file_hash
from pipeline.publish.build import Request, opened, run
from pipeline.review import review

pytestmark = pytest.mark.slow
DATA = ROOT / "data" / "iomab_act"


@pytest.fixture(autouse=True)
def example_out(lean, monkeypatch) -> Path:
    """The example with few outputs; the project of the module is its project."""
    monkeypatch.setattr(sys.modules[__name__], "ROOT", lean.root)
    return lean.out


def results_of(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "results" / "results.parquet")


def number(results, output, row, group, statistic):
    """One result by output, the end of its row's path, column and statistic."""
    hit = results[
        (results["OUTPUT"] == output)
        & results["ROWID"].str.endswith(row)
        & (results["GROUP"] == group)
        & (results["STATISTIC"] == statistic)
    ]
    assert len(hit) == 1, (output, row, group, statistic, len(hit))
    return hit["VALUE"].iloc[0]


HEADLINE = {
    "DLT, Part A, DLT set": ("T-14.3.1", "DLT Analysis Set / Subjects with a dose-limiting toxicity", "Part A"),
    "CR best through D107, Part B, EAS (primary)": ("T-14.2.1", "best through Day 107 (primary: Part B)", "Part B"),
    "CR best through D107, A+B, EAS": ("T-14.2.1", "best through Day 107 (primary: Part B)", "A+B"),
    "CR at Day 100, A+B, EAS": ("T-14.2.1", "Efficacy Analysis Set / Complete response at Day 100", "A+B"),
    "CRS grade >=3, SAS": ("T-14.3.2", "Safety Analysis Set / CRS of grade 3 or higher", "A+B"),
    "CRS grade >=3, EAS (as registered)": (
        "T-14.3.2",
        "registered: Efficacy Analysis Set / CRS of grade 3 or higher",
        "A+B",
    ),
    "ICANS grade >=3, SAS": ("T-14.3.3", "Safety Analysis Set / ICANS of grade 3 or higher", "A+B"),
}
SETS = {
    "n enrolled": "ENRLFL",
    "n leukapheresed (ITT)": "ITTFL",
    "n safety set (any 131I or CAR-T)": "SAFFL",
    "n infused": "INFFL",
    "n efficacy set (EAS)": "EASFL",
}
SURVIVAL = {
    "PFS (FDA censoring) at 12 months, infused, KM": ("(primary) / PFS at 12 months, %", "PFS"),
    "OS at 12 months, infused, KM": ("Overall survival / OS at 12 months, %", "OS"),
}


@pytest.fixture(scope="module")
def expected():
    """The headline results that data management delivered with the second extract."""
    with (DATA / "expected_headline.csv").open(encoding="utf-8") as handle:
        return {row["RESULT"]: row for row in csv.DictReader(handle)}


def half_up(value):
    return f"{int(value * 1000 + 0.5) / 10:.1f}"


def test_the_sets_are_those_delivered_with_the_extract(example_out, expected):
    adsl = pd.read_parquet(example_out / "adam" / "adsl.parquet")

    assert {name: str((adsl[flag] == "Y").sum()) for name, flag in SETS.items()} == {
        n: expected[n]["VALUE"] for n in SETS
    }


@pytest.mark.parametrize("name", HEADLINE)
def test_the_proportions_are_those_delivered_with_the_extract(example_out, expected, name):
    results = results_of(example_out)
    n, of, low, high = (number(results, *HEADLINE[name], s) for s in ("n", "N", "lower", "upper"))

    assert f"{n:.0f}/{of:.0f}" == expected[name]["VALUE"]
    assert f"{half_up(n / of)} % (CP95 {half_up(low)}-{half_up(high)})" == expected[name]["DETAIL"]


@pytest.mark.parametrize("name", SURVIVAL)
def test_the_survival_rates_are_those_delivered_with_the_extract(example_out, expected, name):
    row, parameter = SURVIVAL[name]
    results, adtte = results_of(example_out), pd.read_parquet(example_out / "adam" / "adtte.parquet")
    rate, low, high, at_risk = (
        number(results, "T-14.2.2", row, "A+B", s) for s in ("estimate", "lower", "upper", "at_risk")
    )
    times = adtte[adtte["PARAMCD"] == parameter]
    events = f"{(times['CNSR'] == 0).sum()}/{len(times)}"

    assert f"{half_up(rate)} %" == expected[name]["VALUE"]
    told = f"log-log {half_up(low)}-{half_up(high)}, at risk {at_risk:.0f}, events {events}"
    assert told == expected[name]["DETAIL"]


def test_prolonged_cytopenia_is_a_share_of_those_measured_around_day_30(example_out):
    """Clarification 17: the last count of days 30 to 37 after the infusion decides; who has none is no denominator."""
    lb, dm = (pd.read_parquet(example_out / "sdtm" / f"{name}.parquet") for name in ("lb", "dm"))
    ex = pd.read_parquet(example_out / "sdtm" / "ex.parquet")
    infused = ex[ex["EXCAT"] == "CELLS"].groupby("USUBJID")["EXSTDTC"].min().str.slice(0, 10)
    low = {"NEUT": 1.0, "PLAT": 50.0, "HGB": 80.0}  # below these of CTCAE v5.0 grade 3, in 10^9/L and g/L
    value = pd.to_numeric(lb["LBSTRESC"].str.removeprefix("<"), errors="coerce")  # "<0.1" is a result too
    counts = lb.assign(VALUE=value)[lb["LBTESTCD"].isin(low) & value.notna() & lb["USUBJID"].isin(infused.index)]
    days = pd.to_datetime(counts["LBDTC"].str.slice(0, 10)) - pd.to_datetime(counts["USUBJID"].map(infused))
    counts = counts[days.dt.days.between(30, 37)].sort_values(["LBDTC", "LBSEQ"])
    last = counts.drop_duplicates(["USUBJID", "LBTESTCD"], keep="last")
    prolonged = last[last["VALUE"] < last["LBTESTCD"].map(low)]["USUBJID"].nunique()

    asked = ("T-14.3.4", "Prolonged cytopenia by laboratory values", "Total")
    found = [number(results_of(example_out), *asked, statistic) for statistic in ("n", "N")]
    assert found == [prolonged, last["USUBJID"].nunique()] and len(dm) > found[1]


def products(out: Path) -> dict[str, str]:
    return {
        str(p.relative_to(out)): file_hash(p) for p in sorted(out.rglob("*")) if p.is_file() and "log" not in p.parts
    }


def test_two_runs_make_identical_bytes(example_out, tmp_path):
    """Of all products, the review site among them."""
    shutil.copytree(example_out.with_name(".out.cache"), tmp_path / ".out.cache")
    first, other = tmp_path / "out", tmp_path / "another place" / "out"
    run(Request(root=str(ROOT), out=str(first), quiet=True, review=review))
    environment = os.environ | {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo", "TRIAL_WORKERS": "1",
                                "TRIAL_NO_REVIEW": ""}  # fmt: skip
    command = [sys.executable, "-m", "pipeline.cli", "build", "--quiet", "--root", str(ROOT), "--out", str(other)]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)

    assert "review/index.html" in products(first) and products(other) == products(first)


def test_every_file_is_in_the_manifest_with_its_hash(example_out):
    manifest = json.loads((example_out / "manifest.json").read_text())
    made = {name: digest for name, digest in products(example_out).items() if name != "manifest.json"}

    assert manifest["files"] == made
    for part in ("cutoff", "decisions", "versions", "specs", "code", "extract", "datasets", "findings"):
        assert manifest[part]


def test_every_output_has_its_formats(example_out):
    made = {p.name for p in (example_out / "tlf").iterdir()}
    tables = [
        "t_14_1_1",
        "t_14_1_2",
        "t_14_2_1",
        "t_14_2_2",
        "t_14_3_1",
        "t_14_3_2",
        "t_14_3_3",
        "t_14_3_4",
        "l_16_2_1",
    ]
    figures = ["f_14_2_1", "f_14_2_2"]

    assert {f"{n}.{s}" for n in tables for s in ("rtf", "html", "txt")} <= made
    assert {f"{n}.{s}" for n in figures for s in ("rtf", "html", "txt", "png", "svg")} <= made


def test_an_unchanged_second_run_makes_nothing_and_writes_nothing(example_out):
    before = {p: p.stat().st_mtime_ns for p in example_out.rglob("*") if p.is_file() and "log" not in p.parts}
    assert run(Request(root=str(ROOT), out=str(example_out), quiet=True)) == 0

    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert "up to date" in (example_out / "log" / "trial.log").read_text()
    assert not [w for w in (" made of ", "made anew") if w in (example_out / "log" / "trial.log").read_text()]


def build_from_cache(tmp_path, lean, *targets, **changes):
    """A build of targets (else of all) for a request, which starts from the cache of the example with few outputs."""
    out = tmp_path / "out"
    shutil.copytree(lean.out.with_name(".out.cache"), tmp_path / ".out.cache")
    build = opened(Request(out=str(out), **({"root": str(lean.root)} | changes)))
    for name in order(build.graph, targets or None):
        build.ensure(name)
    return build


def made_with(tmp_path, lean, **changes):
    """The nodes that are made anew for a request."""
    return set(build_from_cache(tmp_path, lean, **changes).made)


def test_a_changed_form_makes_only_what_rests_on_it(tmp_path, lean):
    folder = example_copy(tmp_path)
    path = folder / "TOX.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",680,", ",681,"), encoding="utf-8")
    remanifest(folder)
    made = made_with(tmp_path, lean, extract=str(folder))

    assert {"raw:TOX", "cm_mapped", "cm"} <= made
    assert not made & {"raw:AE", "ae_mapped", "lb_mapped", "rs", "dm", "f_14_2_1"}


def test_a_changed_decision_makes_only_what_it_decides(tmp_path, lean):
    root = tmp_path / "project"
    shutil.copytree(lean.root / "specs", root / "specs")
    (root / "specs" / "iomab_act" / "decisions.yaml").write_text("DLT_MED: ANY\n")
    made = made_with(tmp_path, lean, root=str(root), extract=str(sorted(DATA.glob("2*"))[-1]))

    assert {"addlt", "dlt_set", "adsl", "t_14_3_1"} <= made
    assert not made & {"adtte", "adrs", "ae_mapped", "dm"}


def test_an_overridden_decision_changes_the_result_and_is_in_the_manifest(tmp_path, lean):
    root = tmp_path / "project"
    shutil.copytree(lean.root / "specs", root / "specs")
    (root / "specs" / "iomab_act" / "decisions.yaml").write_text("DLT_MED: ANY\n")
    shutil.copytree(lean.out.with_name(".out.cache"), tmp_path / ".out.cache")
    extract = str(sorted(DATA.glob("2*"))[-1])
    run(Request(root=str(root), extract=extract, out=str(tmp_path / "out"), quiet=True))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())

    assert manifest["decisions"]["DLT_MED"]["value"] == "ANY"
    assert manifest["decisions"]["DLT_MED"]["set_in"] == "study"
    assert number(results_of(tmp_path / "out"), *HEADLINE["DLT, Part A, DLT set"], "N") == 9


def test_nothing_after_an_earlier_cut_counts(tmp_path, lean):
    cutoff, late = "2025-06-30", []
    handed = [path.stem for layer in ("sdtm", "adam") for path in (lean.out / layer).glob("*.parquet")]
    build = build_from_cache(tmp_path, lean, *handed, cutoff=cutoff)
    for dataset in handed:
        frame = build.frame(dataset)
        for name in frame.columns:
            if str(frame[name].dtype).startswith("datetime"):
                late += [(dataset, name)] * int((frame[name] > cutoff).any())
            elif name.endswith("DTC"):
                late += [(dataset, name)] * int((frame[name].str.slice(0, 10) > cutoff).any())

    assert len(handed) > 30 and "adtte" in build.made and not late
