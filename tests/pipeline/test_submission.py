"""The submission package of a build: what it needs, its packs, and that it says no where there is nothing to submit."""

import shutil

import pytest
from lean_study import STUDY
from small_package import SPECS, small_package

from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.publish.build import Request
from pipeline.publish.submission import command, rerun
from pipeline.publish.submission.layout import Layout, named_rightly
from pipeline.publish.submission.packs import packed, unpacked
from pipeline.publish.submission.programs import program_pack
from pipeline.publish.submission.selfcheck.laid import Laid
from pipeline.publish.submission.selfcheck.programs import package_hash


def test_what_is_packed_is_unpacked_byte_by_byte():
    files = {"a/b.py": "x = 1\n\n\n", "c.csv": "", "d.txt": "File: a\nContent:\n  two blanks\n", "e": "no end"} | {
        "f": "\n"}

    assert dict(unpacked(packed("# A head\n# of two lines", files.items()))) == files


@pytest.mark.parametrize("path", ["../out.py", "/etc/x", "a/../../b", "a//b", "..", "a/.."])
def test_a_path_that_leads_out_of_a_pack_is_refused(path):
    with pytest.raises(ValueError, match="no file of a pack"):
        list(unpacked(packed("#", [(path, "x")])))


def test_the_packed_program_has_the_hashes_that_a_run_notes():
    files = dict(unpacked(program_pack()))

    assert {name: package_hash(files, name) for name in source.PACKAGES} == {
        name: source.package_hash(name) for name in source.PACKAGES}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), [
    ("adsl.xpt", True), ("t_14_3_1_2.pdf", True), ("a" * 32, True), ("a" * 33, False), ("Adsl.xpt", False),
    (".hidden", False), ("a b.csv", False), ("", False),
])  # fmt: skip
def test_a_name_is_of_at_most_32_lower_case_signs(name, expected):
    assert named_rightly(name) is expected


def test_a_studys_folder_is_named_in_lower_case():
    assert Layout("IOMAB-ACT 1/b").sdtm == "m5/datasets/iomab-act-1-b/tabulations/sdtm"


def test_a_study_that_is_not_built_is_told_so(tmp_path):
    with pytest.raises(TrialError, match="is not built: there is nothing to submit") as told:
        command.run(Request(STUDY, out=str(tmp_path / "out")))
    assert told.value.cure == f"build it first: trial build --study {STUDY}"


def test_a_pool_is_submitted_study_by_study(tmp_path):
    with pytest.raises(TrialError, match="each of its studies is submitted"):
        command.run(Request("iomab_act+cd38", out=str(tmp_path / "out")))


def test_a_package_is_built_again_from_its_specs_and_its_sdtm_alone(tmp_path):
    """Specs as they were packed, each dataset once and nothing else of its folder."""
    laid = Laid(small_package(tmp_path / "submission"))

    root = rerun.unpack(laid, tmp_path / "project")
    sdtm = rerun.parted(laid, laid.layout.sdtm, tmp_path / "sdtm")

    found = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}
    assert found == SPECS
    assert sorted(path.name for path in sdtm.iterdir()) == ["ae.json", "dm.json"]


def test_a_package_that_is_not_whole_is_not_built_again(tmp_path):
    folder = small_package(tmp_path / "submission")
    next(folder.rglob("dm.json")).unlink()

    code, told = rerun.run(folder, Request())

    assert code == 1 and told[-1] == "Not run again: the package is not whole."


def test_the_package_of_a_build_is_whole_and_one_of_other_specs_is_not_made(lean, tmp_path):
    out = shutil.copytree(lean.out, tmp_path / "out")
    shutil.copytree(lean.out.with_name(".out.cache"), tmp_path / ".out.cache")
    code, told = command.run(Request(root=str(lean.root), out=str(out)))

    assert code == 0 and command.report([])[0] in told
    assert command.check(out / "submission")[0] == 0
    with pytest.raises(TrialError, match="of an earlier run: the data cut changed"):
        command.run(Request(root=str(lean.root), out=str(out), cutoff="2026-01-31"))
