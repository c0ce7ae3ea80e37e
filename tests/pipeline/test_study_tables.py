"""What a study may add without touching the standard: rows of tables, and having no data cut."""

import pandas as pd
import pytest

from pipeline.engine.graph import build_graph
from pipeline.engine.runner import Build
from pipeline.engine.store import Cache
from pipeline.ground.faults import TrialError
from pipeline.intake.cutoff import data_cut
from pipeline.intake.delivery import open_delivery
from pipeline.study.specs import find_root, load_specs


@pytest.fixture
def project(tmp_path):
    """A project of one study with two forms, a standard terminology of one term, and an extract."""
    (tmp_path / "specs" / "standard" / "terminology").mkdir(parents=True)
    head = "codelist,extensible,collected,submission,code,label\n"
    (tmp_path / "specs/standard/terminology/codelists.csv").write_text(head + "NY,N,YES,Y,,Yes\n")
    (tmp_path / "specs/standard/decisions.yaml").write_text("[]\n")
    folder = tmp_path / "specs" / "s"
    (folder / "raw").mkdir(parents=True)
    (folder / "study.yaml").write_text("study: S\nsubjects: A\ncutoff: none\n")
    (folder / "codelists.csv").write_text(head + "NY,N,JA,Y,,Yes\n")
    for form in "AB":
        contract = f"form: {form}\nfile: {form}.csv\nsystem: false\nsubject: {{column: P}}\nrecord: [P]\nfields:\n"
        (folder / "raw" / f"{form.lower()}.yaml").write_text(contract + "  P: {}\n  D: {type: date}\n")
    data = tmp_path / "data"
    data.mkdir()
    (data / "A.csv").write_text("P,D\n1,2025-03-01\n2,2025-05\n")
    (data / "B.csv").write_text("P,D\n1,2025-04-02\n2,\n")
    return tmp_path


def built(project):
    specs = load_specs(find_root(project), "s")
    delivery = open_delivery(project / "data")
    cutoff, named = data_cut("", delivery, specs)
    return Build(specs, delivery, cutoff, build_graph(specs), Cache(project / "cache"), cut_named=named)


def test_a_table_named_as_a_standard_one_adds_its_rows_last(project):
    terms = built(project).table("ct")
    assert terms["collected"].tolist() == ["YES", "JA"]


def test_a_changed_addition_changes_what_rests_on_the_table(project):
    before = built(project).setting_hash("ct")
    path = project / "specs/s/codelists.csv"
    path.write_text(path.read_text() + "NY,N,NEIN,N,,No\n")
    assert built(project).setting_hash("ct") != before


def test_without_a_data_cut_the_last_complete_date_stands_for_it_and_is_named_so(project):
    build = built(project)
    assert (build.cutoff, build.cut_named) == ("2025-04-02", "none; last date in the data 2025-04-02")


def test_a_cut_that_is_asked_for_wins(project):
    specs = load_specs(find_root(project), "s")
    assert data_cut("2025-03-15", open_delivery(project / "data"), specs) == ("2025-03-15", "2025-03-15")


def test_data_without_any_date_cannot_do_without_a_cut(project):
    for form in "AB":
        pd.DataFrame({"P": ["1"], "D": ["soon"]}).to_csv(project / "data" / f"{form}.csv", index=False)
    with pytest.raises(TrialError, match="no data cut, and its data have no date"):
        built(project)
