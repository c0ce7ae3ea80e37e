"""A study that starts from SDTM made elsewhere: its files are read, its faults told, its analysis made as ever."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import small_sdtm
from small_sdtm import delivered, project, table

from pipeline.engine.graph import order
from pipeline.engine.node import FINDINGS, KEYS
from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import Delivery, open_delivery
from pipeline.intake.sdtm import domain_of, files_by_domain, read_domain
from pipeline.publish.build import Request, opened, run
from pipeline.publish.pages import told_of
from pipeline.why.trace import trace_number, trace_records

ORACLES = Path(__file__).parents[1] / "oracles"
KNOWN = ("DM", "LB", "QS", "FA", "AE", "SUPPLB", "SUPPAE", "RELREC")


@pytest.mark.parametrize(("dataset", "domain"), [
    ("LB", "LB"), ("LBCH", "LB"), ("FAAE", "FA"), ("SUPPLB", "SUPPLB"), ("SUPPLBCH", "SUPPLB"), ("SQLBCH", "SUPPLB"),
    ("RELREC", "RELREC"), ("XX", ""), ("LBCHEM", ""), ("SUPPXX", ""), ("DEFINE", ""),
])  # fmt: skip
def test_a_part_of_a_domain_belongs_to_it(dataset, domain):
    assert domain_of(dataset, KNOWN) == domain


def test_a_data_set_goes_by_the_name_of_its_file_whatever_its_case():
    files = ["DM.XPT", "lbch.xpt", "LBHM.sas7bdat", "suppqual.csv", "define.xml", "reviewers_guide.pdf", "sdtm.xpt[AE]"]
    found = files_by_domain(Delivery(None, dict.fromkeys(files, "")), KNOWN)

    assert found == {"DM": ("DM.XPT",), "LB": ("LBHM.sas7bdat", "lbch.xpt"), "AE": ("sdtm.xpt[AE]",),
                     "SUPPLB": ("suppqual.csv",), "SUPPAE": ("suppqual.csv",)}  # fmt: skip


def test_a_data_set_that_is_delivered_twice_is_refused():
    with pytest.raises(TrialError, match="AE is delivered twice"):
        files_by_domain(Delivery(None, {"ae.xpt": "", "AE.csv": ""}), KNOWN)


@pytest.mark.parametrize("kind", small_sdtm.WRITERS)
def test_every_kind_of_file_gives_the_same_records(kind, tmp_path):
    delivery = open_delivery(delivered(tmp_path / kind, kind))
    for name in small_sdtm.TABLES:
        records, found = read_domain(delivery, name, files_by_domain(delivery, [name])[name])
        given = table(name)

        assert records[list(given)].fillna("").values.tolist() == given.values.tolist()
        assert records["_LINE"].tolist() == list(range(1, len(given) + 1))
        assert len(found) == 0


def test_a_data_set_of_sas_is_read_as_r_wrote_it(tmp_path):
    """Numbers are texts, dates of SAS those of ISO 8601 (written by tests/oracles/vs_sas7bdat.R)."""
    shutil.copy(ORACLES / "vs.sas7bdat", tmp_path)
    delivery = open_delivery(tmp_path)
    records, found = read_domain(delivery, "VS", files_by_domain(delivery, ["VS"])["VS"])

    shown = ["USUBJID", "VSSEQ", "VSTESTCD", "VSORRES", "VSSTRESN", "VSDTC", "VSDT", "VSDTM"]
    assert records[shown].fillna("").values.tolist() == [
        ["S-1", "1", "WEIGHT", "70.5", "70.5", "2025-01-08", "2025-01-08", "2025-01-08T07:05:00"],
        ["S-1", "2", "TEMP", "", "", "2025-01-09T08:30", "", ""],
        ["S-2", "1", "WEIGHT", "81", "81", "2025-01-09", "2025-01-09", "2025-01-09T23:59:59"],
    ]  # fmt: skip
    assert (records["_LINE"].tolist(), len(found)) == ([1, 2, 3], 0)


@pytest.mark.parametrize(("changed", "said"), [
    ({"records": 9}, "says it holds 9 records"), ({"columns": []}, "names no columns"),
    ({"rows": [[1]]}, "Row 1 does not hold"),
])  # fmt: skip
def test_a_dataset_json_that_is_not_whole_is_refused(changed, said, tmp_path):
    folder = delivered(tmp_path, "json")
    whole = json.loads((folder / "vs.json").read_text(encoding="utf-8"))
    (folder / "vs.json").write_text(json.dumps(whole | changed), encoding="utf-8")

    with pytest.raises(TrialError, match=said):
        open_delivery(folder).read("vs.json")


def request(tmp_path, **words):
    root = project(tmp_path / "project", **words.pop("files", {}))
    folder = delivered(tmp_path / "sdtm", without=words.pop("without", ()))
    return Request(study="small", root=str(root), extract=str(folder), out=str(tmp_path / "out"), quiet=True, **words)


def made(asked, *targets):
    build = opened(asked)
    for name in order(build.graph, list(targets)):
        build.ensure(name)
    return build


@pytest.fixture(scope="module")
def small_build(tmp_path_factory):
    """ADSL, ADAE and what they rest on, of the small study."""
    return made(request(tmp_path_factory.mktemp("small")), "adsl", "adae", "advs", "te")


@pytest.mark.slow
def test_analysis_rests_on_what_was_read(small_build):
    adsl, adae = small_build.frame("adsl").set_index("USUBJID"), small_build.frame("adae")

    assert adsl["CARTSDT"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2025-01-10", "2025-01-11", "2025-02-01", ""]
    assert adsl["DTHDT"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2025-06-01", "", "", ""]
    assert adsl[["SAFFL", "ENRLFL"]].values.tolist() == [["Y", "Y"], ["Y", "Y"], ["Y", "Y"], ["N", "N"]]
    assert adae[["USUBJID", "AESEQ", "TRTEMFL"]].fillna("N").values.tolist() == [
        ["S-1", 1, "Y"], ["S-1", 2, "Y"], ["S-3", 1, "N"],
    ]  # fmt: skip
    assert small_build.cutoff == "2025-12-31"  # TS says it


@pytest.mark.slow
def test_what_the_guide_permits_is_carried_as_delivered_in_its_place_and_what_it_has_not_is_told(small_build):
    ae, found = small_build.frame("ae"), small_build.frame("ae", FINDINGS)

    assert [name for name in ae if name in ("AETERM", "AEREFID", "AESEQ")] == ["AESEQ", "AEREFID", "AETERM"]
    assert ae["AEREFID"].tolist() == ["x1", "x2", "x3"]
    assert [text.count("AEOWN") for text in found.loc[found["check"] == "SDTM-UNUSED", "message"]] == [1]
    assert "AEREFID" not in " ".join(found["message"]) and "AEPATT" not in ae


@pytest.mark.slow
def test_a_trace_ends_at_the_record_of_the_file_with_its_hash(small_build):
    lines = list(trace_records(small_build, "adae", [("USUBJID", "S-1"), ("AESEQ", "2")]))
    digest = small_build.delivery.hashes["ae.csv"][:16]

    assert "      AE AESEQ=2 <- ae.csv record 2" in lines
    assert "      AE AESEQ=2 <- suppae.csv record 1" in lines
    assert any(digest in line and "AETERM=CRS" in line for line in lines)


@pytest.mark.slow
def test_a_record_that_a_sheet_makes_leads_to_the_data_set_it_was_made_of(small_build):
    keys = small_build.frame("dd", KEYS)

    assert keys[["DOMAIN", "USUBJID", "SEQ", "FORM", "FILE", "LINE"]].values.tolist() == [
        ["DD", "S-1", 1.0, "DM", "dm.csv", 1],
    ]  # fmt: skip


@pytest.mark.slow
def test_what_the_sdtm_lacks_is_told_and_what_rests_on_it_says_so(small_build):
    found = pd.concat([small_build.frame(n, FINDINGS) for n in ("lb", "rs", "tr", "te", "suppcm", "ae")])
    lacking = found[found["check"] == "SDTM-DOMAIN"]

    assert lacking[["form", "severity"]].values.tolist() == [
        ["LB", "major"], ["RS", "major"], ["TR", "major"], ["SUPPCM", "minor"],
    ]  # fmt: skip  # TE: nothing rests on it
    assert small_build.failed == {"t_2": "It rests on ADLB, which is not made: the SDTM has no LB."}
    assert "LB, " in told_of(small_build, "t_1", "Draft.") and "which the SDTM lacks" in told_of(small_build, "t_1", "")
    assert "CM" not in told_of(small_build, "t_1", "").replace("SUPPCM", "")  # study.yaml says that there is none


@pytest.mark.slow
def test_a_folder_of_data_sets_alone_is_enough_for_a_study_that_builds(tmp_path):
    from pipeline.lint.report import errors
    from pipeline.new_study.write import run as new_study

    root, folder = project(tmp_path / "project"), delivered(tmp_path / "sdtm")
    new_study("other", str(root), False, errors, sdtm=str(folder))
    told = {path.name: path.read_text(encoding="utf-8") for path in (root / "specs" / "other").rglob("*.*")}
    asked = Request(study="other", root=str(root), sdtm=str(folder), out=str(tmp_path / "out"), quiet=True)
    adsl = made(asked, "adsl").frame("adsl")

    assert errors(root, "other") == []
    assert 'products: ["CELLX"]' in told["study.yaml"] and "lb" in told["study.yaml"]
    assert {"ex.csv", "ds.csv", "dd.csv"} <= {*told}
    assert "1,SCREENING,V1," in told["visits.csv"]
    assert adsl[["SAFFL", "DTHFL"]].fillna("").values.tolist() == [["Y", "Y"], ["Y", ""], ["Y", ""], ["N", ""]]


def test_an_sdtm_without_subjects_is_refused(tmp_path):
    with pytest.raises(TrialError, match="has no DM"):
        opened(request(tmp_path, without=("DM",)))


def test_what_is_not_made_is_refused_with_the_reason_when_it_is_asked_for(tmp_path):
    with pytest.raises(TrialError, match="T-2 is not made"):
        run(request(tmp_path, targets=("T-2",)))


def test_the_gate_alone_is_refused_of_an_sdtm(tmp_path):
    from pipeline.desk.command import ValidationRequest
    from pipeline.desk.command import run as validate

    asked = request(tmp_path)
    with pytest.raises(TrialError, match="checks of the gate ask the eCRF"):
        validate(ValidationRequest(study="small", root=asked.root, extract=asked.extract, out=asked.out, quiet=True))


def test_an_extract_and_an_sdtm_are_not_both_started_from(tmp_path):
    with pytest.raises(TrialError, match="both named"):
        opened(replace(request(tmp_path), sdtm="elsewhere"))


@pytest.mark.slow
def test_a_whole_build_tells_what_it_could_not_make_and_that_the_gate_did_not_run(tmp_path):
    asked = request(tmp_path)
    code = run(asked)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    findings = pd.read_csv(tmp_path / "out" / "findings.csv")

    assert (code, list(manifest["failed"])) == (1, ["t_2"])
    assert manifest["without"]["LB"] == ["T-1"]
    assert {"GATE-NOTRUN", "BUILD-FAILED", "SDTM-DOMAIN", "SDTM-UNUSED"} <= set(findings["check"])
    assert (tmp_path / "out" / "keys" / "ae.parquet").exists()
    assert "Made without" in (tmp_path / "out" / "tlf" / "t_1.txt").read_text(encoding="utf-8")
    assert any("dm.csv record" in line for line in trace_number(opened(asked), "t_1", "Men", "", "", True))


@pytest.mark.slow
def test_an_example_s_own_sdtm_gives_the_analysis_that_its_forms_gave(lean, tmp_path):
    assert run(Request(root=str(lean.root), sdtm=str(lean.out / "sdtm"), out=str(tmp_path), quiet=True)) == 0
    for path in sorted((lean.out / "adam").glob("*.parquet")):
        again = pd.read_parquet(tmp_path / "adam" / path.name)

        pd.testing.assert_frame_equal(again, pd.read_parquet(path), obj=path.stem)
    for path in sorted((lean.out / "results").glob("*.parquet")):
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "results" / path.name), pd.read_parquet(path))
