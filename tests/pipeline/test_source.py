"""What a recipe rests on is read from import lines, wherever they stand."""

from pipeline.ground import source


def imports_of(tmp_path, monkeypatch, text):
    (tmp_path / "sdtm").mkdir()
    for name in ("dates", "rules", "terms"):
        (tmp_path / "sdtm" / f"{name}.py").write_text("")
    (tmp_path / "sdtm" / "x.py").write_text(text)
    monkeypatch.setattr(source, "CODE", tmp_path)
    for function in (source._bytes, source.module_path, source.imports, source.closure, source.code_hash):
        function.cache_clear()
    found = source.imports("sdtm.x")
    for function in (source._bytes, source.module_path, source.imports, source.closure, source.code_hash):
        function.cache_clear()
    return sorted(found)


def test_imports_at_the_top_in_functions_and_over_lines_are_found(tmp_path, monkeypatch):
    text = (
        "import numpy as np\nfrom sdtm.dates import iso_date\nfrom sdtm import (\n    rules,  # why\n)\n"
        "def f():\n    from sdtm import terms as t\n"
    )

    assert imports_of(tmp_path, monkeypatch, text) == ["sdtm.dates", "sdtm.rules", "sdtm.terms"]


def test_a_changed_verb_changes_every_recipe_that_rests_on_it():
    assert "adam.derive.merge" in source.closure("adam.adsl")
    assert "pipeline.ground.dates" in source.closure("adam.adae")
    assert source.functions("adam.course.standing")["standing"] == ("subjects", "enrolled_set", "study", "death_days")
