"""A build of few targets replaces those and leaves the rest; nothing is told that was not looked for."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from mini_extract import EXAMPLE, ROOT

from pipeline.engine.store import file_hash
from pipeline.publish.build import Request, run
from pipeline.publish.results_file import RESULT_FILES
from pipeline.publish.stale_products import EARLIER

pytestmark = pytest.mark.slow
OF_CHECKS = "NE_PET_RULE: CT"  # a decision that checks of the extract read, so that they are to be run anew
NOT_RUN = "The checks of the extract were not run for this build"


def products(out: Path) -> dict[str, str]:
    return {
        str(p.relative_to(out)): file_hash(p) for p in sorted(out.rglob("*")) if p.is_file() and "log" not in p.parts
    }


@pytest.fixture(autouse=True)
def example_out(lean, monkeypatch) -> Path:
    """The example with few outputs; the project of the module is its project."""
    monkeypatch.setattr(sys.modules[__name__], "ROOT", lean.root)
    return lean.out


@pytest.fixture
def out(tmp_path, example_out) -> Path:
    """A copy of the example's products with their cache."""
    shutil.copytree(example_out.with_name(".out.cache"), tmp_path / ".out.cache")
    return Path(shutil.copytree(example_out, tmp_path / "out"))


@pytest.fixture(scope="module")
def of_dm(lean, tmp_path_factory) -> Path:
    """What a build of DM alone makes in an empty place, from nothing."""
    out = tmp_path_factory.mktemp("clean") / "out"
    build(out, "dm", root=lean.root)
    return out


def build(out: Path, *targets: str, root: Path | None = None, **more: str) -> int:
    return run(Request(root=str(root or ROOT), extract=str(EXAMPLE), out=str(out), quiet=True, targets=targets, **more))


def decided_otherwise(tmp_path: Path, decision: str = "DLT_MED: ANY") -> Path:
    """A project whose study takes another decision: on medication in the DLT window, which no check reads."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "specs", root / "specs")
    (root / "specs" / "iomab_act" / "decisions.yaml").write_text(f"{decision}\n")
    return root


def manifest_of(out: Path) -> dict:
    return json.loads((out / "manifest.json").read_text())


def summary_of(out: Path) -> str:
    return (out / "log" / "trial.log").read_text()


def test_when_nothing_changed_a_build_of_one_output_writes_nothing_and_tells_the_same_findings(out, example_out):
    build(out, "t_14_2_1")

    assert products(out) == products(example_out)
    assert "up to date" in summary_of(out)
    counts = manifest_of(example_out)["findings"]
    assert f"Open queries  {counts['critical']} critical, {counts['major']} major" in summary_of(out)


def test_the_target_is_replaced_and_the_rest_is_left_and_marked_stale(tmp_path, out, example_out):
    root = decided_otherwise(tmp_path)
    assert build(out, "t_14_3_1", root=root) == 0
    before, after, manifest = products(example_out), products(out), manifest_of(out)
    merged = {*(f"results/{name}" for name in RESULT_FILES), "findings.csv", "manifest.json"}
    changed = {name for name in before if before[name] != after.get(name)} - merged

    assert set(after) == set(before)
    assert changed == {f"tlf/t_14_3_1.{kind}" for kind in ("rtf", "html", "txt", "pdf")} | {
        "lineage.parquet",
        "adam/adcm.parquet",
        "adam/adcrs.parquet",
        "adam/adtr.parquet",
        "adam/adsl.parquet",
        "adam/addlt.parquet",
        "adam/adae.parquet",  # was needed, and carries the flag of the DLT set
        "adam/adrs.parquet",
    }
    assert {"t_14_2_1", "f_14_2_1", "t_14_3_2", "all", "findings"} <= set(manifest["stale"])
    assert not {"t_14_3_1", "adsl", "dm"} & set(manifest["stale"])
    assert manifest["files"] == {name: digest for name, digest in after.items() if name != "manifest.json"}
    assert "Stale " in summary_of(out) and "(stale)" in summary_of(out)


def test_results_are_merged_and_not_shortened(tmp_path, out, example_out):
    build(out, "t_14_3_1", root=decided_otherwise(tmp_path))
    old, new = (pd.read_parquet(folder / "results" / "results.parquet") for folder in (example_out, out))
    rest = [frame[frame["OUTPUT"] != "T-14.3.1"].reset_index(drop=True) for frame in (old, new)]

    pd.testing.assert_frame_equal(*rest)
    assert list(new["OUTPUT"].unique()) == list(old["OUTPUT"].unique())


def told_in(out: Path) -> pd.DataFrame:
    return pd.read_csv(out / "findings.csv", dtype="str", keep_default_na=False)


def test_findings_of_what_a_build_made_are_replaced_and_the_others_are_marked_as_earlier_ones(tmp_path, out):
    root = decided_otherwise(tmp_path, OF_CHECKS)
    contract = root / "specs" / "iomab_act" / "raw" / "dth.yaml"
    contract.write_text(contract.read_text().replace("fields:\n", "fields:\n  NEVER: {label: Never, type: text}\n"))
    build(out, root=root)
    lost = told_in(out)[lambda rows: rows["field"].eq("NEVER")]
    contract.write_text((ROOT / "specs" / "iomab_act" / "raw" / "dth.yaml").read_text())
    before = told_in(out)
    build(out, "dm", root=root)
    after = told_in(out)
    earlier = after[after["message"].str.startswith(EARLIER)]

    assert lost["check"].tolist() == ["RAW-COLUMN"] and not after["field"].eq("NEVER").any()
    assert len(earlier) and earlier["check"].str.startswith("RAW-").sum() == 0
    assert set(earlier["message"].str.removeprefix(EARLIER)) <= set(before["message"])
    build(out, root=root)
    assert not told_in(out)["message"].str.startswith(EARLIER).any()


def test_a_page_states_no_findings_that_were_not_looked_for(tmp_path, out):
    build(out, "t_14_3_1", root=decided_otherwise(tmp_path, OF_CHECKS))

    assert NOT_RUN in " ".join((out / "tlf" / "t_14_3_1.txt").read_text().split())
    assert "the gate was not run for this build" in summary_of(out)
    assert manifest_of(out)["findings"] == {}


def test_a_full_build_after_one_of_few_gives_the_bytes_of_a_full_build(tmp_path, out, example_out):
    build(out, "t_14_3_1", root=decided_otherwise(tmp_path))
    build(out)

    assert products(out) == products(example_out)
    assert manifest_of(out)["stale"] == []


def test_into_an_empty_place_goes_only_what_was_asked_for_and_what_it_needs(of_dm):
    made = products(of_dm)

    assert "sdtm/dm.parquet" in made and "sdtm/ae.parquet" not in made
    assert not [name for name in made if name.startswith("tlf/")]
    assert "not counted: the gate was not run" in summary_of(of_dm)


def test_an_altered_product_is_found_restored_and_told_even_when_another_target_was_named(out, example_out):
    adsl = pd.read_parquet(out / "adam" / "adsl.parquet")
    adsl.assign(SAFFL="Y").to_parquet(out / "adam" / "adsl.parquet")
    (out / "tlf" / "t_14_1_1.html").unlink()
    build(out, "t_14_3_1")

    assert products(out) == products(example_out)
    assert "adam/adsl.parquet is missing or was altered" in summary_of(out)
    assert "tlf/t_14_1_1.html is missing or was altered" in summary_of(out)


@pytest.mark.parametrize("harm", ['{"build": 1, "files": {}}', "", "[1]", "{", None])
def test_a_broken_altered_or_lost_manifest_is_made_anew_and_said(out, example_out, harm):
    (out / "manifest.json").unlink()
    if harm is not None:
        (out / "manifest.json").write_text(harm)
    build(out, "t_14_3_1")

    assert products(out) == products(example_out)
    assert summary_of(out).count("manifest.json is missing or was altered since it was published") == 1


def test_a_count_altered_in_the_manifest_is_not_told(out, example_out):
    path = out / "manifest.json"
    path.write_text(path.read_text().replace('"critical": ', '"critical": 1'))
    build(out)

    assert products(out) == products(example_out)


def test_a_flag_altered_in_the_cache_is_never_published(out, example_out):
    path = next((out.with_name(".out.cache") / "adsl").glob("*/data.parquet"))
    adsl = pd.read_parquet(path)
    adsl.assign(SAFFL="Y").to_parquet(path)
    shutil.rmtree(out)
    build(out)

    assert products(out) == products(example_out)
    assert "Made anew  adsl: data.parquet in the cache is not as it was written" in summary_of(out)


def test_an_output_that_fails_stops_no_other_and_its_old_page_is_withdrawn(out, example_out, monkeypatch):
    from tlf.templates import survival

    def broken(shell, records):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(survival, "entries", broken)
    for path in out.with_name(".out.cache").glob("*t_14_2_2/"):
        shutil.rmtree(path)
    assert build(out) == 1
    manifest, before, after = manifest_of(out), products(example_out), products(out)

    assert list(manifest["failed"]) == ["t_14_2_2"]
    assert not [name for name in after if "t_14_2_2" in name]
    assert {name for name in before if name not in after} == {n for n in before if n.startswith("tlf/t_14_2_2.")}
    joined = {"tlf/all.pdf", "tlf/index.html", *(f"tlf/contents.{kind}" for kind in ("rtf", "html", "txt", "pdf"))}
    pages = {name for name in after if name.startswith("tlf/")} - joined  # these hold one output less
    assert {name: before[name] for name in pages} == {name: after[name] for name in pages}
    assert "BUILD-FAILED" in (out / "findings.csv").read_text()
    assert "T-14.2.2" not in set(pd.read_parquet(out / "results" / "results.parquet")["OUTPUT"])
    assert "Failed    t_14_2_2: The program itself is at fault: ZeroDivisionError" in summary_of(out)
    assert "/" not in manifest["failed"]["t_14_2_2"]
    assert "Traceback" in (out / "log" / "trial.log").read_text()


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.publish import products
from pipeline.engine import store
from pipeline.publish.build import Request, run
from pipeline.publish.results_file import RESULT_FILES
from pipeline.publish.stale_products import EARLIER
when, root, extract, out, *targets = sys.argv[1:]
def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)
if when == "while making":
    put, steps = store._put, iter(range(5, -1, -1))
    store._put = lambda *arguments: put(*arguments) if next(steps) else die()
else:
    publish = products.publish
    products.publish = die if when == "before publishing" else lambda *a: (publish(*a), die())
run(Request(root=root, extract=extract, out=out, quiet=True, targets=tuple(targets)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("when", ["while making", "before publishing", "after publishing"])
def test_a_run_after_a_killed_one_goes_on_and_gives_the_same_bytes(tmp_path, of_dm, when):
    out = tmp_path / "out"
    command = [sys.executable, "-c", KILLED, when, str(ROOT), str(EXAMPLE), str(out), "dm"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    assert (out / "manifest.json").exists() == (when == "after publishing")
    build(out, "dm")

    assert products(out) == products(of_dm)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".out.cache", "out"]
    assert not list((tmp_path / ".out.cache").glob("*/.*"))
