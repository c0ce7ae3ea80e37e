"""A study's folder that is small and in order, for each test to damage."""

from pathlib import Path

import pytest
from standing_folder import files_below, put_in_order

ROOT = Path(__file__).parents[2]
HEAD = "codelist,extensible,collected,submission,code,label\n"


@pytest.fixture(scope="session")
def standard():
    """The files of the standard specs."""
    return files_below(ROOT, "specs/standard")


@pytest.fixture
def small(standard, tmp_path_factory):
    """A project with the standard specs and one small study that is in order; it stands at one place."""
    files = {
        "study.yaml": "study: S\nsubjects: DM\ndeath: FU.DTHDT\ncutoff: none\narm: {code: A, label: Arm}\n"
        "not_collected: [ae, cm, dd, ds, dv, eg, ex, fa, ho, ie, lb, mh, mi, pc, pr, qs, rs, ss, tr, tu, vs]\n",
        "decisions.yaml": "MISSED_VISITS: 3\n",
        "visits.csv": "VISITNUM,VISIT,FOLDER,ANCHOR,PLANNED_DAY,WINDOW_LOW,WINDOW_HIGH,RESPFL,AVISIT,PREFL,ALIAS\n"
        "1,DAY 30,D30,CELLS,30,25,35,Y,Day 30,N,\n",
        "codelists.csv": HEAD + "SEX,N,MANN,M,,Male\n",
        "raw/_codelists.csv": "CODELIST,CODED_VALUE,DECODE\nSEX,M,Mann\nSEX,F,Female\n",
        "raw/dm.yaml": "form: DM\nsystem: false\nsubject: {column: PAT, site: '1'}\nrecord: [PAT]\nfields:\n"
        "  PAT: {type: text}\n  SEX: {type: coded, codelist: SEX, companion: false}\n"
        "  AGE: {type: integer, range: [18, 99]}\n",
        "raw/fu.yaml": "form: FU\nsystem: false\nsubject: {column: PAT}\nrecord: [PAT]\nfields:\n"
        "  PAT: {type: text}\n  DTHDT: {type: date}\n  CAUSE: {type: text}\n",
        "not_submitted.csv": "FORM,FIELD,REASON\nFU,CAUSE,told on another page\n",
        "mapping/dm.csv": "form,block,target,rule,source,where\nDM,,SITEID,assign,_SITE,\nDM,,SEX,assign_ct,SEX,\n"
        "DM,,AGE,assign_number,AGE,\n",
        "tlf/t_1.yaml": "output: T-1\nfamily: categories\nkind: table\ntitle: [Sex]\ndatasets: [adsl]\n"
        "decisions: [PERCENT_MIN_N]\ncolumns: [{label: All}]\nrows:\n  - {count: Men, where: 'SEX == \"M\"'}\n",
    }
    own = {f"specs/small/{name}": text.encode() for name, text in files.items()}
    return put_in_order(tmp_path_factory.getbasetemp() / "project", standard | own)


@pytest.fixture(autouse=True)
def one_look(request, monkeypatch):
    """A slip is told by the first look; further errors have tests of their own (test_further_errors.py)."""
    if request.module.__name__.rpartition(".")[2] != "test_further_errors":
        monkeypatch.setattr("pipeline.lint.report.further_errors", lambda *_: [])
