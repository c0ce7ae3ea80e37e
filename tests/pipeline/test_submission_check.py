"""A submission package checks itself: a whole one is whole wherever it lies, and each way of breaking it is told."""

import shutil

import pandas as pd
import pytest
from small_package import AT, page, sealed_anew, small_package

from pipeline.publish.submission.layout import BUNDLE
from pipeline.publish.submission.selfcheck.look import defects


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return small_package(tmp_path_factory.mktemp("whole") / "submission")


def told(folder):
    return [f"{one.file}: {one.what}" for one in defects(folder)]


def test_a_whole_package_is_whole_also_where_it_was_carried_to(whole, tmp_path):
    copy = shutil.copytree(whole, tmp_path / "elsewhere")

    assert told(copy) == []


def test_a_package_in_an_agencys_own_signs_is_whole(tmp_path):
    """Lengths are bytes of these signs: the i of naïve has four in GB 18030, two in UTF-8."""
    assert told(small_package(tmp_path / "submission", "gb18030")) == []


def replaced(path, old, new):
    """A way of breaking: other bytes in a file."""

    def broken(folder):
        content = (folder / path).read_bytes()
        assert old in content
        (folder / path).write_bytes(content.replace(old, new))

    return broken


def removed(path):
    return lambda folder: (folder / path).unlink()


def written(path, content):
    def broken(folder):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)

    return broken


def renamed(path, name):
    return lambda folder: (folder / path).rename((folder / path).with_name(name))


SDTM, ADAM, PROGRAMS, MISC = AT.sdtm, AT.adam, AT.programs, AT.misc
DM_DEFINE, AD_DEFINE = f"{SDTM}/define.xml", f"{ADAM}/define.xml"
AS_IT_IS = [  # what is told by the manifest alone
    ("a file is lost", removed(f"{SDTM}/ae.xpt"), "ae.xpt: is named in the manifest and is not there"),
    ("a file is altered", replaced(f"{SDTM}/ae.xpt", b"Fever", b"Cough"), "ae.xpt: is not as it was written"),
    ("a file is cut off", written(f"{ADAM}/adrg.pdf", b"%PDF-"), "adrg.pdf: has 5 bytes"),
    ("a file is added", written(f"{SDTM}/work.xpt", b"x"), "work.xpt: is there and nothing names it"),
    ("the manifest is lost", removed(BUNDLE), "bundle_manifest.json: is missing"),
    ("the manifest is no JSON", written(BUNDLE, b"{"), "bundle_manifest.json: is missing or cannot be read"),
    ("the manifest is altered", replaced(BUNDLE, b"2026-06-30", b"2026-07-30"), "its seal does not hold"),
    ("a folder is empty", lambda folder: (folder / MISC / "left").mkdir(), "misc/left: is an empty folder"),
    ("a hidden file is left", written(f"{SDTM}/.ds_store", b"x"), "the name .ds_store is not of at most 32"),
]
SEALED = [  # what another manifest would hide
    ("a name has capitals", renamed(f"{MISC}/results.csv", "Results.csv"), "the name Results.csv is not of"),
    ("a name is too long", written(f"{MISC}/{'a' * 30}.csv", b"x"), "aaaa.csv is not of at most 32"),
    ("a file is empty", written(f"{MISC}/notes.csv", b""), "notes.csv: is empty"),
    ("a file lies elsewhere", written("m5/readme.txt", b"x"), "m5/readme.txt: lies outside the study's folder"),
    ("the stylesheet is lost", removed(f"{SDTM}/define2-1.xsl"), "define2-1.xsl: is needed in every package"),
    ("a guide is lost", removed(f"{SDTM}/csdrg.pdf"), "csdrg.pdf: is needed in every package"),
    ("a define is no XML", replaced(DM_DEFINE, b"</ODM>", b""), "define.xml: is no XML that can be read"),
    ("a define is not valid", replaced(DM_DEFINE, b'Mandatory="No"', b'Mandatory="May"'), "The define is not valid"),
    ("a define has no stylesheet", replaced(DM_DEFINE, b'href="define2-1.xsl"', b'href="x.xsl"'),
     "names no stylesheet"),
    ("a define has a dead link", replaced(AD_DEFINE, b"tlf/t_1.pdf", b"tlf/t_9.pdf"),
     "names the file ../../../misc/tlf/t_9"),
    ("a define lacks a codelist", replaced(DM_DEFINE, b'CodeListOID="CL.SEX"', b'CodeListOID="CL.X"'),
     "refers to CodeList CL.X, which it does not have"),
    ("a define is of another study", replaced(DM_DEFINE, b"<StudyName>S-1", b"<StudyName>S-2"), "is of study S-2"),
    ("a define names a page too many", replaced(DM_DEFINE, b'PageRefs="1"', b'PageRefs="99"'),
     "names page 99 of acrf.pdf"),
    ("a dataset is not described", lambda folder: shutil.copy(folder / SDTM / "ae.xpt", folder / SDTM / "cm.xpt"),
     "cm.xpt: the define does not describe this dataset"),
    ("a transport file is lost", removed(f"{SDTM}/ae.xpt"), "ae.xpt: the define describes this dataset, which is not"),
    ("a Dataset-JSON is lost", removed(f"{SDTM}/ae.json"), "ae.json: the define describes this dataset, which is not"),
    ("two datasets are exchanged", lambda folder: shutil.copy(folder / SDTM / "dm.xpt", folder / SDTM / "ae.xpt"),
     "ae.xpt: holds the dataset DM, not AE"),
    ("a transport file is cut off", lambda folder: (folder / SDTM / "ae.xpt").write_bytes(
        (folder / SDTM / "ae.xpt").read_bytes()[:-7]), "ae.xpt: is no transport file of version 5"),
    ("a variable is called otherwise", replaced(f"{SDTM}/ae.xpt", b"AETERM  ", b"AEXXXX  "), "has other variables"),
    ("a label differs", replaced(f"{SDTM}/ae.xpt", b"Label of AETERM", b"Label of AEXXXX"), "ae.xpt: labels differ"),
    ("a length differs", replaced(DM_DEFINE, b'DataType="text" Length="10"', b'DataType="text" Length="99"'),
     "by the define 99"),
    ("a value is another in XPT", replaced(f"{SDTM}/ae.xpt", b"Fever", b"Cough"),
     "ae.json: 2 values of AETERM are not"),
    ("a value is another in JSON", replaced(f"{ADAM}/adsl.json", b"2026-01-05", b"2026-01-06"), "1 values of TRTSDT"),
    ("a value is in no codelist", lambda folder: [replaced(f"{SDTM}/dm.{end}", old, new)(folder) for end, old, new in (
        ("xpt", b"S-1-1M", b"S-1-1Q"), ("json", b'"S-1-1","M"', b'"S-1-1","Q"'))], "DM SEX is not in the codelist (Q)"),
    ("records are lost", replaced(f"{SDTM}/ae.json", b',\n["S-1","S-1-2",1,"Fever"]', b""), "ae.json: says records 2"),
    ("a Dataset-JSON is of another study", replaced(f"{SDTM}/ae.json", b"STDY.S-1", b"STDY.S-2"),
     "says studyOID STDY.S-2"),
    ("a Dataset-JSON names no define", replaced(f"{SDTM}/ae.json", b"define.xml", b"other.xml"),
     "names the define other.xml"),
    ("an output is no PDF", written(f"{AT.outputs}/t_1.pdf", b"<html>"), "t_1.pdf: is no whole PDF"),
    ("an output is of another run", written(f"{AT.outputs}/t_1.pdf", page(("t_2",))),
     "t_1.pdf: is not the one that the run"),
    ("results are of another run", replaced(f"{MISC}/results.csv", b"T-1,2", b"T-1,3"),
     "results.csv: is not the one that"),
    ("an output is of no run", written(f"{AT.outputs}/t_2.pdf", page(())), "t_2.pdf: is no product of the run"),
    ("a guide has a dead link", replaced(f"{ADAM}/adrg.pdf", b"adsl.txt", b"adxx.txt"),
     "has a link to ../programs/adxx.txt"),
    ("a guide leads out", replaced(f"{ADAM}/adrg.pdf", b"../programs/adsl.txt", b"/programs/of/adsl.txt"),
     "has a link to /pro"),
    ("a guide prints another tree", written(f"{MISC}/more.csv", b"x"), "adrg.pdf: prints a tree of files that is not"),
    ("a guide prints other versions", replaced(f"{ADAM}/adrg.pdf", b"pandas=3.1", b"pandas=2.3"),
     "prints versions of software"),
    ("a program is lost", removed(f"{PROGRAMS}/adsl.txt"), "adsl.txt: is the program of something in the package"),
    ("a program makes nothing", written(f"{PROGRAMS}/adxx.txt", b"x"), "adxx.txt: is the program of nothing"),
    ("a program is another's", replaced(f"{PROGRAMS}/adsl.txt", b"adsl.txt", b"adxx.txt"),
     "adsl.txt: has no header that"),
    ("the code is another", replaced(f"{PROGRAMS}/program_pack.txt", b"return dm", b"return x "),
     "pack.txt: adam is not the one"),
    ("a spec is another", replaced(f"{PROGRAMS}/specs_pack.txt", b"study: S-1", b"study: S-2"),
     "study.yaml is not the one"),
    ("a pack cannot be unpacked", replaced(f"{PROGRAMS}/specs_pack.txt", b"File: specs", b"File: ../specs"),
     "be unpacked"),
    ("what the run says is altered", replaced(f"{MISC}/run_manifest.json", b"12345678", b"87654321"),
     "says run 87654321"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "expected", "seal"), [
    *((how, expected, False) for _, how, expected in AS_IT_IS), *((how, expected, True) for _, how, expected in SEALED),
], ids=[name for name, _, _ in (*AS_IT_IS, *SEALED)])  # fmt: skip
def test_each_way_of_breaking_a_package_is_told(whole, tmp_path, broken, expected, seal):
    folder = shutil.copytree(whole, tmp_path / "submission")
    broken(folder)
    if seal:
        sealed_anew(folder)

    assert any(expected in line for line in told(folder)), told(folder)


def test_what_is_listed_as_written_otherwise_is_no_defect(whole):
    """The transport file spells what Dataset-JSON holds as it is; the list beside them says so."""
    listed = pd.read_csv(whole / MISC / "xpt_values.csv")

    assert listed[["VALUE", "WRITTEN"]].to_numpy().tolist() == [["Naïve rash", "Naive rash"]]
