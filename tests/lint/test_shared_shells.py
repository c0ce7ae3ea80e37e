"""Every shell of the standard can be filled by an example study, and is without a slip when it is."""

import re
from pathlib import Path

from lean_study import STUDY, lean_project

from pipeline.lint.report import lint

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Path(__file__).parent / "shells" / "catalogue.yaml"


def test_every_shell_is_filled_and_nothing_is_wrong_with_what_comes_out(tmp_path):
    text = (ROOT / "specs" / STUDY / "catalogue.yaml").read_text(encoding="utf-8")
    taken = set(re.findall(r"shell: (\w+)", text))
    others = re.split(r"(?m)^- ", CATALOGUE.read_text(encoding="utf-8"))[1:]
    others = [entry for entry in others if re.findall(r"shell: (\w+)", entry)[0] not in taken]
    numbered = (re.sub(r"output: ([TFL])-[\d.]+", rf"output: \1-14.9.{n}", entry) for n, entry in enumerate(others, 1))
    text += "".join(f"- {entry}" for entry in numbered)
    shells = {path.stem for path in (ROOT / "specs" / "standard" / "tlf").glob("*.yaml")}
    assert set(re.findall(r"shell: (\w+)", text)) == shells
    lean_project(tmp_path)
    (tmp_path / "specs" / STUDY / "catalogue.yaml").write_text(text, encoding="utf-8")
    assert [problem.text() for problem in lint(tmp_path, STUDY)[0]] == []
