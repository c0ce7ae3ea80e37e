"""What users are told names files of specs and words of theirs, never Python."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = [path for folder in ("pipeline", "sdtm", "adam", "tlf") for path in sorted((ROOT / folder).rglob("*.py"))]
TOLD = {"TrialError", "ColumnError", "problem", "Problem", "Slip", "finding"}  # what carries words to users


def texts(path: Path) -> list[str]:
    """The literal texts of a module's messages: what, where and cure."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in TOLD]
    parts = [part for call in named for part in ast.walk(call) if isinstance(part, ast.Constant)]
    return [part.value for part in parts if isinstance(part.value, str)]


def test_no_message_to_users_names_a_module():
    named = {str(path.relative_to(ROOT)): [text for text in texts(path) if ".py" in text] for path in CODE}

    assert {path: said for path, said in named.items() if said} == {}


def test_no_message_to_users_stands_in_a_module():
    """`module_path` tells where code is: only what reads code, or hands it out, may ask for it."""
    reading = {"pipeline/ground/source.py", "pipeline/engine/columns_read.py",
               "pipeline/engine/forms_behind.py",
               "pipeline/publish/submission/programs.py"}  # fmt: skip
    asking = {str(path.relative_to(ROOT)) for path in CODE if "module_path(" in path.read_text(encoding="utf-8")}

    assert asking == reading
