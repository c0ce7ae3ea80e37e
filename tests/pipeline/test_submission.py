"""The submission package of a build: what it needs, its packs, and that it says no where there is nothing to submit."""

import pytest
from lean_study import STUDY

from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.publish.build import Request
from pipeline.publish.submission import command
from pipeline.publish.submission.layout import Layout, named_rightly
from pipeline.publish.submission.packs import packed, unpacked
from pipeline.publish.submission.programs import program_pack
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
    with pytest.raises(TrialError, match="is not built: there is nothing to submit"):
        command.run(Request(STUDY, out=str(tmp_path / "out")))


def test_the_package_of_a_build_is_whole_and_one_of_other_specs_is_not_made(lean):
    code, told = command.run(Request(root=str(lean.root), out=str(lean.out)))

    assert (code, told[-5:-4]) == (0, [*command.report([])])
    assert command.check(lean.out / "submission")[0] == 0
    with pytest.raises(TrialError, match="of an earlier run: the data cut changed"):
        command.run(Request(root=str(lean.root), out=str(lean.out), cutoff="2026-01-31"))
