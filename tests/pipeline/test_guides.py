"""Guides for reviewers: chapters from facts; what a person must write is asked for and never made up."""

import pandas as pd
import pytest
from read_once import specs_of
from small_package import DATASETS

from pipeline.engine.graph import build_graph
from pipeline.publish.guides import adrg, csdrg
from pipeline.publish.guides.keywords import keywords
from pipeline.publish.guides.model import Guide, GuideTable, Items, Leading, Section, ToWrite, pdf
from pipeline.publish.guides.told import GuideFacts, Program
from pipeline.publish.guides.written import TEXTS, WrittenTexts, blocks_of, written_texts
from pipeline.publish.submission.selfcheck.documents import addresses, keywords_of

SPECS = specs_of("iomab_act")
CONFORMANCE = pd.DataFrame([
    ("KEYS", "No two records share the keys.", "0", "0", "", "", ""),
    ("CT", "Terms are of the list.", "3", "2", "AE.AEOUT 1; ADSL.SEX 2", "ADSL: SEX=X", "Asked of the site."),
], columns=["RULE", "SAYS", "ISSUES", "UNEXPLAINED", "WHERE", "FIRST", "EXPLAINED"])  # fmt: skip
RUN = {
    "cutoff_named": "2026-06-30", "run": "12345678", "versions": {"pandas": "3.1.1"},
    "decisions": {"DLT_MED": {"value": "BOTH", "set_in": "study", "question": "Which days?", "source": "plan 5"}},
}  # fmt: skip
PROGRAMS = (Program("adsl.txt", "ADSL", ("DM",), "adam.adsl", "trial build adsl"),
            Program("t_1.txt", "A Table", ("ADSL",), "tlf.x", "trial build T-1", "T-1"))  # fmt: skip


def told(**texts):
    return GuideFacts(SPECS, build_graph(SPECS), RUN, {one.spec.name: one for one in DATASETS},
                WrittenTexts("specs/x/guides", texts), {"conformance": CONFORMANCE}, pd.DataFrame(), PROGRAMS,
                tree=("m5/a.xpt",))  # fmt: skip


def section(guide, heading, **texts):
    return next(one.blocks for one in guide.sections(told(**texts)) if one.heading == heading)


@pytest.mark.parametrize(("guide", "chapters"), [
    (csdrg, ["Introduction", "Protocol Description", "Subject Data Description", "Data Conformance Summary",
             "Appendices", "What Is Still to Be Written"]),
    (adrg, ["Introduction", "Protocol Description", "Analysis Considerations Related to Multiple Analysis Datasets",
            "Analysis Data Creation and Processing Issues", "Analysis Dataset Descriptions", "Data Conformance Summary",
            "Submission of Programs", "Appendices", "What Is Still to Be Written"]),
])  # fmt: skip
def test_a_guide_has_the_chapters_of_the_outline(guide, chapters):
    assert [one.heading for one in guide.sections(told()) if one.level == 1] == chapters


@pytest.mark.parametrize(("guide", "adam"), [(csdrg, set()), (adrg, {"adamig", "adamct"})])
def test_the_inventory_names_every_standard_of_the_layer(guide, adam):
    (table,) = section(guide, "Study Data Standards and Dictionary Inventory")

    due = {SPECS.study.standards[word] for word in {"sdtmig", "sdtmct"} | adam}
    assert due <= {version for _, version in table.rows}
    assert ("CDISC ADaM controlled terminology (NCI)" in {name for name, _ in table.rows}) == bool(adam)


def test_a_text_that_nobody_wrote_is_asked_for_and_one_that_is_there_stands_as_it_is():
    heading = "Protocol Design"

    assert ToWrite("specs/x/guides/protocol_design.md", TEXTS["protocol_design"]) in section(csdrg, heading)
    assert "One arm, open." in section(csdrg, heading, protocol_design="One arm,\nopen.")
    assert told(protocol_design="x").texts.missing == tuple(
        f"specs/x/guides/{name}.md" for name in TEXTS if name != "protocol_design")


def test_texts_are_read_from_the_studys_folder_and_an_empty_one_counts_as_missing(tmp_path):
    (tmp_path / "s" / "guides").mkdir(parents=True)
    (tmp_path / "s" / "guides" / "protocol_design.md").write_text("Words.", "utf-8")
    (tmp_path / "s" / "guides" / "adrg_overview.md").write_text(" \n", "utf-8")

    found = written_texts(tmp_path / "s", tmp_path)

    assert found.blocks("protocol_design") == ("Words.",) and "s/guides/adrg_overview.md" in found.missing


def test_a_text_has_paragraphs_and_lists():
    assert list(blocks_of("One\nline.\n\n- first\n- second\n")) == ["One line.", Items(("first", "second"))]


def test_issues_stand_in_the_guide_of_their_datasets_and_what_nobody_explains_is_asked_for():
    of_sdtm, of_adam = section(csdrg, "Issues Summary"), section(adrg, "Issues Summary")

    assert of_sdtm[0].rows == (("CT", "Terms are of the list.", "AE.AEOUT 1", "Asked of the site."),)
    assert of_adam[0].rows[0][2] == "ADSL.SEX 2" and isinstance(of_adam[1], ToWrite)


def test_datasets_programs_and_decisions_are_listed_with_what_the_build_says():
    listed = [row[0] for row in section(csdrg, "SDTM Subject Domains")[0].rows]
    assert listed == [Leading("AE", "#AE"), Leading("DM", "#DM")]
    assert section(adrg, "Analysis Output Programs")[0].rows == (
        (Leading("t_1.txt", "../programs/t_1.txt"), "T-1", "A Table", "ADSL"),)
    assert section(adrg, "Decisions Where the Analysis Plan Is Open")[0].rows == (
        ("DLT_MED", "Which days?", "BOTH", "study", "plan 5"),)  # fmt: skip


def test_what_an_analysis_dataset_rests_on_is_told_by_the_nearest_datasets_of_the_package():
    assert section(adrg, "Data Dependencies")[0].rows[0][:2] == ("ADSL", "")
    assert {"DM", "AE"} >= set(section(adrg, "Data Dependencies")[0].rows[0][2].split()) >= {"DM"}


def test_a_guide_as_pdf_has_its_links_and_keywords_and_is_the_same_each_time():
    rows = ((Leading("x", "#there"), "#not markup *at all*"),)
    blocks = (GuideTable(("a", "b"), (1, 2), rows), Leading("define", "define.xml"), Items(("y",)))
    made = Guide("A Guide", "S-1", "", "A4", keywords(["b", "a"], {"pandas": "3.1"}), (
        Section("1", "One", blocks, "there"),))

    assert pdf(made) == pdf(made)
    assert addresses(pdf(made)) == ["define.xml"] and "pandas=3.1" in keywords_of(pdf(made))
    assert keywords(["a", "b"], {}) == keywords(["b", "a"], {}) != keywords(["a"], {})
