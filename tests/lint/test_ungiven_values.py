"""Lint tells what mapping sheets never give: to clauses on link ids, and to checks that studies share."""

import shutil
from pathlib import Path

import pytest

from pipeline.gate.checks.catalogue import read_check
from pipeline.gate.checks.meaning import StudyMeaning
from pipeline.gate.checks.written_out import written_out
from pipeline.lint.ungiven_values import check_ungiven
from pipeline.study.specs import load_specs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    home = tmp_path_factory.mktemp("ungiven")
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, home / "specs" / name)
    return home


def told(project, file, old, new):
    """What lint says when a text of the study's folder is another; the file is as it was afterwards."""
    path = project / "specs" / "iomab_act" / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert old in text
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    try:
        return [p.text().removeprefix("specs/iomab_act/") for p in check_ungiven(load_specs(project, "iomab_act"))]
    finally:
        path.write_text(text, encoding="utf-8") if text else path.unlink()


@pytest.mark.parametrize(("asked", "expected"), [
    ("T1", []),
    ("NT2", []),
    ("L1", ['conditions.yaml:1:52 error: TRLNKID never is "L1": link_id makes it begin with N or NT or T; write it as '
            "the mapping sheet makes it"]),
    ("T", ['conditions.yaml:1:52 error: TRLNKID never is "T": link_id makes it begin with N or NT or T; write it as '
           "the mapping sheet makes it"]),
])  # fmt: skip
def test_a_clause_asks_for_link_ids_that_their_rows_can_give(project, asked, expected):
    text = f"""FIRSTFL: {{label: First Lesion, of: adsl, from: tr, where: 'TRLNKID == "{asked}"'}}\n"""

    assert told(project, "conditions.yaml", "", text) == expected


def test_a_shared_check_that_no_row_can_match_is_told_at_the_row_once(project):
    problems = told(project, "raw/_codelists.csv", "AEOUT,FAT,Fatal", "AEOUT,FXT,Fxtal")

    assert problems == ["mapping/ae.csv:23:21 warning: AE-FATAL-NO-DEATH: no row gives AEOUT as FATAL, and it matches "
                        "nothing; add what is collected so to codelists.csv; if nothing is, the check is not for this "
                        "study"]


def test_a_link_id_in_a_shared_check_reads_the_field_behind_its_word(project):
    meaning = StudyMeaning(load_specs(project, "iomab_act"))
    entry = {"id": "X-1", "severity": "major", "responsible": "site", "domain": "TR", "field": "TRLNKID",
             "message": "{TRLNKID}.", "why": "A reason.", "where": 'TRLNKID == "T1"'}  # fmt: skip
    made = written_out(read_check(entry, Path("x.yaml"), shared=True), meaning, lambda rule: {})

    assert [(one.forms, one.field, one.where) for one in made] == [(("TL",), "TLID", 'TLID == "1"')]
