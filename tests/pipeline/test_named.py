"""Analysis sets and columns are named once; an output takes them by name and may word them its own way."""

from functools import partial

import pytest

from pipeline.ground.faults import TrialError
from pipeline.study.named import load_named, resolved
from pipeline.study.yaml_text import place

SETS = "SAF: {label: Safety Analysis Set, where: 'SAFFL == \"Y\"'}\nALL: {label: Everybody, where: \"\"}\n"


def nowhere(where):
    """No file says it."""
    return str(where)


@pytest.fixture
def names(tmp_path):
    standard, study = tmp_path / "standard", tmp_path / "study"
    for folder in (standard, study):
        folder.mkdir()
    (standard / "sets.yaml").write_text(SETS, encoding="utf-8")
    (standard / "columns.yaml").write_text("TOTAL: {label: Total}\n", encoding="utf-8")
    (study / "columns.yaml").write_text("TOTAL: {label: Both parts}\nA: {label: Part A, where: 'COHORT == \"A\"'}\n")
    return load_named(standard, study)


def test_a_name_gives_its_id_label_and_clause_and_own_words_win(names):
    output = {"columns": ["A", "TOTAL"], "population": {"set": "SAF", "label": "Treated"}, "sets": [{"set": "SAF"}]}
    assert resolved(output, names, nowhere) == {
        "columns": [{"id": "A", "label": "Part A", "where": 'COHORT == "A"'}, {"id": "TOTAL", "label": "Both parts"}],
        "population": {"id": "SAF", "label": "Treated", "where": 'SAFFL == "Y"'},
        "sets": [{"id": "SAF", "label": "Safety Analysis Set", "where": 'SAFFL == "Y"'}],
    }


@pytest.mark.parametrize(
    ("written", "told", "line"),
    [
        ("columns: [A, TOTL]", "Unknown column 'TOTL'", "line 1, column 14"),
        ("population: {set: SAFE}", "Unknown set 'SAFE'", "line 1, column 14"),
        ("sets: [{where: X == 1}]", "A set needs `set:` or `label:`", "line 1, column 8"),
    ],
)
def test_a_name_nobody_gave_is_told_with_its_place(names, tmp_path, written, told, line):
    import yaml

    path = tmp_path / "t_1.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(TrialError) as caught:
        resolved(yaml.safe_load(written), names, partial(place, path))
    assert told in caught.value.what
    assert line in caught.value.where


def test_a_set_without_a_clause_is_everybody(names):
    assert resolved({"sets": [{"label": "All"}]}, names, nowhere)["sets"] == [{"where": "", "label": "All"}]


def test_every_dose_level_of_the_study_is_a_column_under_its_label(tmp_path):
    standard, study = tmp_path / "standard", tmp_path / "study"
    for folder in (standard, study):
        folder.mkdir()
    said = "study: S\narm: {code: A, label: Arm}\nlevels: {1: {label: DL1}, 2: {label: DL2}}\n"
    (study / "study.yaml").write_text(said)
    (study / "columns.yaml").write_text("DL2: {label: High dose, where: DOSELVLA >= 2}\n")
    names = load_named(standard, study)
    assert resolved({"columns": ["DL1", "DL2"]}, names, nowhere)["columns"] == [
        {"id": "DL1", "label": "DL1", "where": "DOSELVLA == 1"},
        {"id": "DL2", "label": "High dose", "where": "DOSELVLA >= 2"},
    ]
    assert study / "study.yaml" in names.files


def test_an_output_quotes_the_sentence_of_an_endpoint_and_the_studys_own_file_wins(tmp_path, names):
    for home, sentence in (("standard", "PFS by FDA."), ("study", "PFS of this plan.")):
        (tmp_path / home / "endpoints").mkdir()
        (tmp_path / home / "endpoints" / "pfs.yaml").write_text(f"endpoint: PFS\nfootnote: {sentence}\n")
    (tmp_path / "standard" / "endpoints" / "os.yaml").write_text("endpoint: OS\n")
    told = load_named(tmp_path / "standard", tmp_path / "study")
    assert resolved({"footnotes": ["Kaplan-Meier.", {"endpoint": "PFS"}]}, told, nowhere)["footnotes"] == [
        "Kaplan-Meier.", "PFS of this plan."]  # fmt: skip
    for code, words in (("OS", "says no `footnote:`"), ("PFX", "Unknown endpoint 'PFX'")):
        with pytest.raises(TrialError) as fault:
            resolved({"footnotes": [{"endpoint": code}]}, told, nowhere)
        assert words in str(fault.value)
