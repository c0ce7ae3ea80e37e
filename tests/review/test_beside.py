"""What the site tells of folders that are named: what is new since an earlier build, what other choices move."""

import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.against.accepted import read_accepted
from pipeline.against.sides import Held, RestsOn, side
from pipeline.against.tables import Dataset
from pipeline.engine.results import COLUMNS
from pipeline.engine.store import file_hash, seal
from pipeline.ground.faults import TrialError
from pipeline.publish.folders import looked_at
from pipeline.publish.review_step import Folders
from pipeline.review import news
from pipeline.review.moved import moved

ADSL = pd.DataFrame({"STUDYID": "S", "USUBJID": ["S-1", "S-2"], "AGE": [50.0, 60.0]})
RESULT = dict.fromkeys(COLUMNS, "") | {"OUTPUT": "T-1", "ROW": "age", "STATISTIC": "mean", "VALUE": 55.0}
SUMMARY = {
    "headline": [{"label": "Age", "value": "55", "output": "T-1"}, {"label": "Sex", "value": "1/2", "output": "T-1"}],
    "sets": [{"label": "All", "flag": "", "n": 2}],
}  # fmt: skip


def earlier(folder, study="S"):
    """The products of an earlier build: ADSL, one result (with the text of its page), the manifest."""
    for name in ("adam", "results"):
        (folder / name).mkdir(parents=True)
    ADSL.to_parquet(folder / "adam" / "adsl.parquet")
    pd.DataFrame([RESULT | {"FORMATTED": "55"}]).to_parquet(folder / "results" / "results.parquet")
    files = {f"{one}": file_hash(folder / one) for one in ("adam/adsl.parquet", "results/results.parquet")}
    told = {"study": study, "extract": {"name": "march"}, "cutoff": "2026-03-31", "cutoff_named": "2026-03-31",
            "decisions": {"AGE_CUT": {"value": 50}}, "run": "1", "build": "1", "summary": SUMMARY, "files": files}
    (folder / "manifest.json").write_text(json.dumps(told | {"seal": seal(told)}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("harm", "says"), [
    (lambda folder: folder / "nowhere", "holds no products of an earlier build"),
    (lambda folder: folder / "out", "compared with itself"),
    (lambda folder: earlier(folder / "other", "T"), "is of study T, this one of S"),
    (lambda folder: (folder / "out" / "adam" / "adsl.parquet").unlink() or (folder / "out").rename(folder / "lost"),
     "was altered since it was published .adam/adsl.parquet."),
])  # fmt: skip
def test_an_earlier_build_that_cannot_be_compared_is_refused_before_anything_is_made(tmp_path, harm, says):
    earlier(tmp_path / "out")

    with pytest.raises(TrialError, match=says):
        looked_at(Folders(harm(tmp_path)), tmp_path / "out", "S")


def test_folders_are_known_by_what_they_say_and_not_by_where_they_lie(tmp_path):
    here, there = (looked_at(Folders(earlier(tmp_path / name)), tmp_path / "out", "S") for name in ("here", "there"))

    assert here.hashes == there.hashes and here.since != there.since
    with pytest.raises(TrialError, match="holds no sensitivity"):
        looked_at(Folders(sensitivity=tmp_path), tmp_path / "out", "S")


def now(monkeypatch, adsl, results, headline):
    """A build that is not published yet, as the site meets it."""
    place = Path("adam/adsl.parquet")
    given = {place: lambda: Dataset(adsl), Path("results/results.parquet"): lambda: Dataset(results)}
    stated = RestsOn("S", "june", "2026-06-30", {"AGE_CUT": "65"})
    held = Held(Path(), {"ADSL": ((place, ""),)}, stated, build=True, given=given)
    spec = SimpleNamespace(keys=("STUDYID", "USUBJID"), variables=(), label="")
    specs = SimpleNamespace(datasets={"adsl": spec}, outputs={}, folder=Path("nowhere"))
    monkeypatch.setattr(news, "_new", lambda *_: held)
    monkeypatch.setattr(news, "register_of", lambda *_: read_accepted(Path("nowhere"), {}, set(), ""))
    monkeypatch.setattr(news, "summarize", lambda *_: SUMMARY | {"headline": headline})
    return SimpleNamespace(specs=specs, cutoff="2026-06-30")


def test_what_is_new_is_told_by_dataset_output_subject_and_headline_result(tmp_path, monkeypatch):
    adsl = pd.concat([ADSL.assign(AGE=[51.0, 60.0]), ADSL.tail(1).assign(USUBJID="S-3")], ignore_index=True)
    headline = [{"label": "Age", "value": "56", "output": "T-1"}, SUMMARY["headline"][1]]
    build = now(monkeypatch, adsl, pd.DataFrame([RESULT | {"VALUE": 56.0}]), headline)

    told = news.news(build, None, None, earlier(tmp_path / "march"))

    assert [told[one] for one in ("extract", "cut", "run", "differences")] == ["march", "2026-03-31", "1", 3]
    assert told["stated"] == [
        ["extract", "march", "june"], ["data cut", "2026-03-31", "2026-06-30"], ["AGE_CUT", "50", "65"]]  # fmt: skip
    assert [told["headline"], told["sets"]] == [[["Age", "55", "56"]], []]
    assert [told["outputs"], told["subjects"]] == [[["T-1", 1]], {"came": ["S-3"], "went": []}]
    assert told["datasets"] == [{"name": "ADSL", "was": 2, "now": 3, "came": 1, "went": 0, "values": 1, "attributes": 0,
                                 "other": 0, "variables": [["AGE", 1]]}]  # fmt: skip


def test_nothing_is_new_of_the_same_though_one_side_alone_tells_printed_texts(tmp_path, monkeypatch):
    build = now(monkeypatch, ADSL, pd.DataFrame([RESULT]), SUMMARY["headline"])

    told = news.news(build, None, None, earlier(tmp_path / "march"))

    assert [told["differences"], told["datasets"], told["outputs"], told["headline"]] == [0, [], [], []]


def test_pages_are_compared_of_two_published_builds_alone(tmp_path):
    published = side(earlier(tmp_path / "march"))

    assert published.published and not Held(Path(), {}, build=True, given={Path("x"): lambda: Dataset(ADSL)}).published
    assert Held(Path(), {}, build=True, given={Path("x"): lambda: Dataset(ADSL)}).pages == {}


@pytest.mark.parametrize("value", [(30, 60), "ANY", True, 0.95, None])
def test_a_choice_is_stated_as_the_manifest_of_a_build_has_it(value):
    assert news._as_stated(value) == str(json.loads(json.dumps(value)))


TABLE = """SCENARIO,DECISION,CHOICE,RESULT,OUTPUT,BEFORE,AFTER,CHANGE,SUBJECTS
DLT_MED=ANY,DLT_MED,ANY,DLT,T-1,2/8,3/9,8.3,DLTEVLFL: +1 -2
DLT_MED=BOTH,DLT_MED,BOTH,DLT,T-1,1/8,2/8,12.5,
BOTH,"DLT_MED, EAS_NE","ANY, N",,,,,,
"""


def test_what_other_choices_move_is_told_of_each_decision_and_marked_where_the_results_are_others_now(tmp_path):
    (tmp_path / "sensitivity.csv").write_text(TABLE, encoding="utf-8")
    specs = SimpleNamespace(decisions={"DLT_MED": 1, "EAS_NE": 1}, name="s")

    told = moved(tmp_path / "sensitivity.csv", specs, {"DLT": "2/8"})

    assert [one.get("scenario") for one in told["DLT_MED"]] == ["DLT_MED=ANY", "DLT_MED=BOTH", "BOTH"]
    assert [one.get("stale", 0) for one in told["DLT_MED"]] == [0, 1, 0]
    assert told["EAS_NE"] == [{"scenario": "BOTH", "choice": "ANY, N"}]


@pytest.mark.parametrize(("table", "says"), [
    ("A,B\n1,2\n", "no table of a sensitivity"), (TABLE.replace("EAS_NE", "EAS_XX"), "EAS_XX, which is no decision"),
])  # fmt: skip
def test_a_table_of_something_else_is_refused(tmp_path, table, says):
    (tmp_path / "sensitivity.csv").write_text(table, encoding="utf-8")

    with pytest.raises(TrialError, match=says):
        moved(tmp_path / "sensitivity.csv", SimpleNamespace(decisions={"DLT_MED": 1, "EAS_NE": 1}, name="s"), {})
