"""What the README types is typed, and what it shows is what appears; what takes a minute is typed elsewhere."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from fences import indented, missing

from pipeline.cli import trial

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINE = re.compile(r"^ {4}(trial .+?)(?: {2,}.*)?$", re.MULTILINE)
# What is typed where the README has a word in capitals.
SAID = {
    "trial compare OLD NEW": "trial compare output/iomab_act output/iomab_act",
    "trial conform [FOLDER]": "trial conform output/iomab_act",
    "trial diff OLD NEW": "trial diff 2026-03-31 2026-06-30",
    "trial lint-specs STUDY": "trial lint-specs iomab_act",
    "trial new-study NAME --from DICTIONARY.csv": "trial new-study named --from dictionary.csv",
    "trial published FILE": "trial published data/published/after_cart_review.csv",
    "trial spec import FILE.xlsx": "trial spec import output/iomab_act/export/spec/adam.xlsx",
    "trial verify STUDY": "trial verify iomab_act",
}
# What takes long, and the test that does it with something smaller or for another purpose too.
ELSEWHERE = {
    "trial accept FILE.xlsx": "tests/validation/test_returned.py",
    "trial build --engine dask=tcp://HOST:8786": "tests/pipeline/test_cluster.py",
    "trial build --sdtm FOLDER": "tests/pipeline/test_from_sdtm.py",
    "trial build --since FOLDER --sensitivity FOLDER": "tests/review/test_beside.py",
    "trial impact DLT_MED --to ANY": "tests/pipeline/test_decisions.py",
    "trial mock STUDY": "tests/tlf/mock/test_mock.py",
    "trial pool iomab_act cd38 hem101": "tests/pipeline/test_pool.py",
    "trial sensitivity --save FOLDER": "tests/studies/test_sensitivity.py",
    "trial submission": "tests/pipeline/test_submission.py",
    "trial submission --check FOLDER": "tests/pipeline/test_submission_check.py",
    "trial validate": "tests/manual/test_guide.py",
    "trial validate --export rave": "tests/manual/test_guide.py",
}
WRITTEN = list(dict.fromkeys(LINE.findall(README)))
TYPED = [line for line in WRITTEN if line not in ELSEWHERE]
DICTIONARY = """FORM_OID,FORM_NAME,FIELD_OID,LABEL,DATA_TYPE,CODELIST,UNIT,REQUIRED,REPEATING_FORM,FOLDERS,CRF_VERSION
DM,Demographics,SUBJECT,Subject,text,,,Y,N,SCR,1.0
DM,Demographics,ICDAT,Date of informed consent,date,,,Y,N,SCR,1.0
"""


@pytest.fixture
def typed(project, monkeypatch):
    """Types one line in a terminal that stands in the project; the exit code and what was told."""
    monkeypatch.chdir(project)
    (project / "dictionary.csv").write_text(DICTIONARY)

    def told(line):
        done = CliRunner().invoke(trial, shlex.split(line)[1:])
        return done.exit_code, done.output

    yield told
    for made in ("named", "my_trial", "iomab_act/specification"):
        shutil.rmtree(project / "specs" / made, ignore_errors=True)


@pytest.mark.parametrize("line", TYPED)
def test_a_command_of_the_readme_does_what_it_is_for(typed, project, line):
    if "spec import" in line and not (project / "output" / "iomab_act" / "export" / "spec").exists():
        assert typed("trial spec export")[0] == 0

    code, told = typed(SAID.get(line, line))

    assert (code, "Traceback" in told) == (0, False), told[-2000:]


def test_the_summary_that_the_readme_shows_is_that_of_the_build(typed):
    block = next(one for one in indented(README) if one.startswith("Analysis sets"))

    _, told = typed("trial build --no-review")

    assert missing(block, told) == []


@pytest.mark.parametrize("line", sorted({*SAID, *ELSEWHERE}))
def test_what_is_said_of_a_command_is_said_of_one_that_stands_there(line):
    assert line in WRITTEN
    assert (ROOT / ELSEWHERE.get(line, "README.md")).is_file()


def test_a_line_that_does_not_appear_or_in_another_order_is_told():
    told = "Sets\n  A   1\n  B   2\nEnd\n"

    assert missing("Sets\n A 1\n...\nEnd", told) == []
    assert missing("A 1\nB 3", told) == ["B 3"]
    assert missing("B 2\nA 1", told) == ["A 1"]
