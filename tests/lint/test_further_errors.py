"""One broken entry does not hide the errors of the others: what can be told in one go is told."""

import pytest

from pipeline.lint.report import lint

LONG = "A label that no transport file can carry at all"
# what is written for what, by file: the mistake, and what lint says of it
UNKNOWN_WORD = ("raw/fu.yaml", "{type: date}", "{tpye: date}", "raw/fu.yaml:7:11 error: `fields.DTHDT` has the unknown")
TOO_MANY_CELLS = ("visits.csv", "1,DAY 30", "1,,DAY 30", "visits.csv:2:1 error: The line has 12 cells")
UNKNOWN_RULE = ("mapping/dm.csv", "assign_ct", "asign_ct", "mapping/dm.csv:3:9 error: unknown rule asign_ct")
NO_SUCH_LIST = ("raw/dm.yaml", "codelist: SEX", "codelist: SEXE", "raw/dm.yaml:7:22 error: the codelist SEXE of SEX")
NO_SUCH_VARIABLE = ("tlf/t_1.yaml", "SEX ==", "SEXX ==", "tlf/t_1.yaml:9:18 error: ADSL has no variable SEXX")
BROKEN_YAML = ("tlf/t_1.yaml", "columns: [", "columns: [[", "tlf/t_1.yaml:8:1 error: Malformed YAML")
CONDITION = ("conditions.yaml", "", f"OLD: {{label: {LONG}, of: adsl, where: AGE > 64}}\n",
             "conditions.yaml:1:7 error: `OLD.label` must be a text of at most 40 characters, not of 47: ")
BASELINE = ("baseline.yaml", "", f"WTBL: {{of: vs, value: VSSTRESN, label: {LONG}}}\n",
            "baseline.yaml:1:33 error: `WTBL.label` must be a text of at most 40 characters, not of 47: ")
VARIABLE = ("adam/adae.yaml", "", f"variables:\n  - {{name: NEW, label: {LONG}, type: text, core: Perm}}\n",
            "adam/adae.yaml:2:17 error: `variables[1].label` must be a text of at most 40 characters")


@pytest.mark.parametrize("slips", [
    (UNKNOWN_WORD, UNKNOWN_RULE), (TOO_MANY_CELLS, UNKNOWN_RULE, NO_SUCH_VARIABLE),
    (BROKEN_YAML, UNKNOWN_RULE, NO_SUCH_LIST),
    (CONDITION, BASELINE, VARIABLE, NO_SUCH_VARIABLE, NO_SUCH_LIST),
    (UNKNOWN_WORD, TOO_MANY_CELLS, CONDITION, UNKNOWN_RULE, NO_SUCH_LIST, NO_SUCH_VARIABLE),
])  # fmt: skip
def test_errors_of_several_files_are_told_in_one_go(small, slips):
    for file, right, wrong, _ in slips:
        path = small / "specs" / "small" / file
        path.parent.mkdir(exist_ok=True)
        text = path.read_text() if path.exists() else ""
        assert right in text
        path.write_text(text.replace(right, wrong, 1))
    told = [p.text().removeprefix("specs/small/") for p in lint(small, "small")[0] if p.kind == "error"]
    said = [message for *_, message in slips]
    assert all(any(text.startswith(one) for text in told) for one in said), told
    assert len(told) == len(said), told  # and nothing that only follows from them


@pytest.mark.parametrize(("file", "text"), [
    ("raw/dm.yaml", "form: [DM\n"), ("mapping/dm.csv", "frm,block\n"), ("study.yaml", "study: [S\n"),
    ("raw/fu.yaml", "fields: nothing\n"),
])  # fmt: skip
def test_what_only_follows_from_an_error_is_not_told(small, file, text):
    (small / "specs" / "small" / file).write_text(text)
    told = [p.text() for p in lint(small, "small")[0] if p.kind == "error"]
    assert told and all(f"specs/small/{file}" in one for one in told), told


@pytest.mark.parametrize(("file", "entry", "said"), [
    ("tlf/t_1.yaml", "  - terms: Any\n    by: [SEX]\n    take: highest\n    valeu: AGE\n", "valeu"),
    ("conditions.yaml", "OLD:\n  label: Old\n  of: adsl\n  form: adfa\n  where: AVAL > 1\n", "form"),
])  # fmt: skip
def test_an_entry_with_a_misspelt_word_has_one_message(small, file, entry, said):
    path = small / "specs" / "small" / file
    path.write_text((path.read_text() if path.exists() else "") + entry)
    told = [p.text() for p in lint(small, "small")[0] if p.kind == "error"]
    assert len(told) == 1 and f"'{said}'" in told[0], told


def test_a_table_whose_header_is_wrong_is_not_told_as_missing_beside(small):
    visits = small / "specs" / "small" / "visits.csv"
    visits.write_text(visits.read_text().replace("ANCHOR", "ANKOR"))

    told = [problem.what for problem in lint(small, "small")[0] if problem.file.endswith("visits.csv")]

    assert told and not any("visits.csv is missing" in what for what in told), told
