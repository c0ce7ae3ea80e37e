"""Checks of a study are held to what the gate reads: carried columns, and codes that mean two things by version."""

import pytest

from pipeline.lint.report import lint

SYSTEM = """subject: {number: "(?P<site>[0-9]{2})-[0-9]{3}"}
columns: {SUBJECT: {type: text}, RECORDID: {type: text}, MDVOID: {type: text}}
"""
FORM = "form: QQ\nfields:\n  REL: {type: coded, codelist: REL}\n"
EXCUSED = "FORM,FIELD,REASON\nFU,CAUSE,told on another page\nQQ,REL,asked by a check alone\n"
LISTS = """CODELIST,CODED_VALUE,DECODE,VERSION
SEX,M,Mann,
SEX,F,Female,
REL,1,Related,1
REL,2,Not related,1
REL,1,Definitely related,2
REL,2,Probably related,2
REL,3,Not related,2
"""
CHECK = "- {id: X, severity: minor, responsible: site, form: QQ, field: REL, message: m, why: w, where: '%s'}\n"


@pytest.mark.parametrize(("where", "said"), [
    ('MDVOID == "MDV.1" and REL != ""', ""),  # a column that every form carries
    ('MDVIOD == "MDV.1"', "Unknown field 'MDVIOD' of QQ; did you mean MDVOID?"),
    ('REL == "Not related"', ""),  # of a code with two meanings the gate knows the texts
    ('REL == "Probably related"', ""),
    ('REL == "3"', ""),  # and of a code with one meaning the code
    ('REL == "2"', 'REL never is "2": the codelist REL does not have it'),
])  # fmt: skip
def test_a_check_asks_for_what_the_gate_reads(small, where, said):
    folder = small / "specs" / "small"
    (folder / "checks").mkdir()
    for name, text in {"raw/_system.yaml": SYSTEM, "raw/qq.yaml": FORM, "raw/_codelists.csv": LISTS,
                       "not_submitted.csv": EXCUSED, "checks/own.yaml": CHECK % where}.items():  # fmt: skip
        (folder / name).write_text(text)
    told = [p.text() for p in lint(small, "small")[0]]
    assert len(told) == bool(said) and all(said in one for one in told), told


@pytest.mark.parametrize(("file", "text"), [
    ("checks/own.yaml", CHECK % 'REL != ""'),
    ("links.csv", "link,form,keys,to_form,to_keys,where,to_where,domains,partner\n"
     'L,QQ,RECORDID,QQ,RECORDID,"REL == ""Related""","REL == ""Not related""",,\n'),
    ("raw/qq.yaml", FORM.replace("}", ", required_where: 'REL != \"\"'}")),
])  # fmt: skip
def test_a_field_that_only_a_condition_asks_is_not_told_as_lost(small, file, text):
    folder = small / "specs" / "small"
    (folder / "checks").mkdir()
    for name, content in {"raw/_system.yaml": SYSTEM, "raw/qq.yaml": FORM,
                          "raw/_codelists.csv": LISTS, file: text}.items():  # fmt: skip
        (folder / name).write_text(content)
    assert not [p.text() for p in lint(small, "small")[0] if "mapped to nothing" in p.what]
    (folder / file).unlink()
    (folder / "raw/qq.yaml").write_text(FORM)
    assert "REL" in next(p.what for p in lint(small, "small")[0] if "mapped to nothing" in p.what)
