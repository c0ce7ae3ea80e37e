"""The house keeps its own rules: studies are folders, decisions are used, files are opened in one place."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from read_once import specs_of

from pipeline.engine.graph import build_graph
from pipeline.ground import source
from pipeline.study.specs import studies
from pipeline.study.yaml_text import load_yaml

ROOT = Path(__file__).resolve().parents[1]
CODE = [p for package in ("sdtm", "adam", "tlf", "pipeline") for p in sorted((ROOT / package).rglob("*.py"))]
STUDIES = studies(ROOT)


def products(study):
    """Names of products that study.yaml gives, which code must not know."""
    roles = (load_yaml(ROOT / "specs" / study / "study.yaml").get("treatments") or {}).values()
    return [p.lower() for role in roles for p in role.get("products", [])]


@pytest.mark.parametrize("study", STUDIES)
def test_no_code_knows_a_study_or_its_products(study):
    words = [study, study.replace("_", "-"), study.split("_")[0], *products(study)]
    known = [(p.name, w) for p in CODE for w in words if len(w) > 3 and w in p.read_text(encoding="utf-8").lower()]

    assert not known


def test_no_code_knows_how_a_study_makes_its_subjects_numbers():
    """The site of a number is what `subject:` of the raw contracts says, never its first signs."""
    told = re.compile(r"slice\(0, ?3\)|str\[:3\]|fullmatch\(r?.\\d\{7")

    assert [p.name for p in CODE if told.search(p.read_text(encoding="utf-8"))] == []


def test_every_decision_is_used_by_somebody():
    graphs = [build_graph(specs_of(study)) for study in STUDIES]
    used = {word for graph in graphs for node in graph.values() for word in node.settings}
    offered = [path.read_text("utf-8") for path in (ROOT / "specs" / "standard" / "criteria").glob("*.yaml")]
    used |= {word.lower() for text in offered for word in re.findall(r"@([A-Z]\w+)", text)}  # by who takes them
    decisions = specs_of(STUDIES[0]).decisions

    assert [name for name in decisions if name.lower() not in used] == []


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_knows_no_python(study):
    assert not list((ROOT / "specs" / study).rglob("*.py"))


def opens_files(path):
    """Calls that read or write files, by line."""
    writes = {"open", "read_csv", "read_parquet", "to_csv", "to_parquet", "write_text", "write_bytes", "read_text"}
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in writes:
                found.append(f"{path.name}:{node.lineno} {name}")
    return found


def test_files_are_read_and_written_in_the_pipeline_only():
    assert [hit for p in CODE if "pipeline" not in p.parts for hit in opens_files(p)] == []


def test_no_text_is_ever_evaluated_by_pandas_or_python():
    """One evaluator of clauses (pipeline/ground/clauses.py): what a spec or a product says never becomes code."""
    told = re.compile(r"(?:\.query\(|\.eval\(|(?<![\w.])(?:eval|exec)\()")

    assert [p.name for p in CODE if told.search(p.read_text(encoding="utf-8"))] == []


def test_tables_for_people_are_written_by_one_door_that_carries_no_formula():
    """What `trial new-study` writes is specs, read back as they are; all else goes through ground/plain_csv.py.

    That has no writer but its own.
    """
    told = re.compile(r"\.to_csv\(|csv\.(?:writer|DictWriter)\(|\.to_excel\(|\.write_formula\(|openpyxl\.Workbook\(")
    doors = [p.relative_to(ROOT) for p in CODE if told.search(p.read_text(encoding="utf-8"))]
    books = [p.relative_to(ROOT) for p in CODE if "xlsxwriter.Workbook(" in p.read_text(encoding="utf-8")]

    assert [str(p) for p in doors if "new_study" not in p.parts] == []
    assert [str(p) for p in books] == ["pipeline/desk/workbook.py", "pipeline/publish/specification/book.py"]
    assert all('"strings_to_formulas": False' in (ROOT / p).read_text(encoding="utf-8") for p in books)


# Dictionaries of anything in the code: what is read becomes a value of its own where it is read. It only shrinks.
LOOSE = {"pipeline": 24, "sdtm": 0, "adam": 0, "tlf": 18}


@pytest.mark.parametrize("package", LOOSE)
def test_what_is_read_becomes_a_value_of_its_own(package):
    told = re.compile(r"\b(?:dict|Mapping)\[str, (?:Any|object)\]")
    found = sum(len(told.findall(p.read_text(encoding="utf-8"))) for p in (ROOT / package).rglob("*.py"))

    assert found <= LOOSE[package]


def test_no_clock_no_chance_in_what_is_derived():
    words = re.compile(r"\b(datetime\.now|date\.today|time\.time|random\.|np\.random|uuid)\b")
    derived = [p for p in CODE if "pipeline" not in p.parts]

    assert [p.name for p in derived if words.search(p.read_text(encoding="utf-8"))] == []


def test_no_line_of_a_spec_is_longer_than_a_screen():
    """160 characters at most; a sentence goes on in the next line."""
    specs = [p for p in sorted((ROOT / "specs").rglob("*")) if p.suffix in (".yaml", ".csv")]
    lines = [(p.relative_to(ROOT), n, t) for p in specs for n, t in enumerate(p.read_text("utf-8").split("\n"), 1)]

    assert [f"{path}:{number}" for path, number, text in lines if len(text) > 160] == []


def functions():
    """Every function of the code: module, name, lines, and how many things it takes."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                taken = len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                yield module, node.name, (node.end_lineno or 0) - node.lineno + 1, taken


def test_a_function_fits_a_screen_and_a_file_is_read_in_one_go():
    long = [f"{path.relative_to(ROOT)}" for path in CODE if len(path.read_text("utf-8").splitlines()) > 300]

    assert [f"{module}.{name}: {lines} lines" for module, name, lines, _ in functions() if lines > 40] == []
    assert long == []


def lines_of_code(path):
    """The lines of a module that are code: no blank ones, comments, docstrings and imports."""
    tree, text = ast.parse(path.read_text(encoding="utf-8")), path.read_text(encoding="utf-8").splitlines()
    left = {number for number, line in enumerate(text, 1) if line.strip() and not line.strip().startswith("#")}
    for node in ast.walk(tree):
        told = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
        out = node.body[0] if told else node if isinstance(node, ast.Import | ast.ImportFrom) else None
        left -= set(range(out.lineno, out.end_lineno + 1)) if out else set()
    return len(left)


def test_a_kind_of_row_of_page_or_of_panel_is_sixty_lines_of_code_at_most():
    """Their words alone, the one table of all kinds, are more."""
    kinds = [path for folder in ("rows", "templates", "render/panels") for path in (ROOT / "tlf" / folder).glob("*.py")]

    assert [path.name for path in kinds if lines_of_code(path) > 60] == ["kinds.py"]


def test_a_verb_takes_up_to_seven_things_and_a_recipe_up_to_ten():
    """A recipe names the datasets and decisions it needs, for the graph reads them; with more than ten it is two."""
    graphs = [build_graph(specs_of(study)) for study in STUDIES]
    recipes = {(node.module, node.function) for graph in graphs for node in graph.values() if node.kind == "recipe"}
    most = {True: 10, False: 7}
    taken = [(module, name, count, (module, name) in recipes) for module, name, _, count in functions()]

    assert [f"{module}.{name}: {count}" for module, name, count, recipe in taken if count > most[recipe]] == []


def test_no_machine_is_named_in_the_project():
    told = re.compile(r"/(home|root|Users|work)/\w|https?://(?!www\.w3\.org|www\.cdisc\.org/ns|json-schema\.org|schemas\.)")
    files = [*CODE, *ROOT.glob("*.md"), *ROOT.glob("*.txt"), ROOT / "Makefile", *(ROOT / ".ci").iterdir(),
             *(ROOT / "specs").rglob("*.yaml"), *(ROOT / "specs").rglob("*.csv")]

    assert [str(p.relative_to(ROOT)) for p in files if told.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md"])
def test_every_link_and_file_a_text_names_is_there(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#]+)\)", text)
    named = re.findall(r"`((?:specs|sdtm|adam|tlf|pipeline|tests|docs)/[\w/.]+\.(?:py|yaml|csv|md))`", text)
    placeholders = ("/x.", "my_trial")

    assert [n for n in [*linked, *named] if not any(x in n for x in placeholders) and not (ROOT / n).exists()] == []


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md"])
def test_the_map_of_the_house_names_every_wing_and_no_folder_that_is_gone(path):
    section = (ROOT / path).read_text(encoding="utf-8").split("## Where things are\n")[1].split("\n## ")[0]
    named = set(re.findall(r"(?<![\w/<>])[a-z_]\w*/(?:\w+/)*", section)) - {"output/"}  # made by a build
    homes = [ROOT, *(ROOT / package for package in ("sdtm", "adam", "tlf", "pipeline"))]
    wings = {p.parent.name for p in (ROOT / "pipeline").glob("*/__init__.py")}

    assert {folder for folder in named if not any((home / folder).is_dir() for home in homes)} == set()
    assert wings - {folder.rstrip("/").split("/")[-1] for folder in named} == set()


def test_no_two_modules_import_each_other_on_any_way():
    modules = [name for package in source.PACKAGES for name in source.modules(package)]
    imported = {name: {m for m in source.imports(name) if not f"{name}.".startswith(f"{m}.")} for name in modules}

    def reached(name):
        todo, seen = list(imported[name]), set()
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo.extend(imported.get(current, ()))
        return seen

    assert [name for name in modules if name in reached(name)] == []


def test_the_picture_of_the_way_of_the_data_goes_the_way_the_wings_import():
    """What stands behind an arrow may import what stands before it, never the other way (the layers of pyproject)."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    height = {wing: n for n, layer in enumerate(reversed(layers)) for wing in re.findall(r"pipeline\.(\w+)", layer)}
    lines = (ROOT / "README.md").read_text(encoding="utf-8").split("## Where things are\n")[1].splitlines()
    at_left = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Five words")[0]
    ways = [re.findall(r"(\w+)/(?=[ :,]|$)", line) for line in lines if "─►" in line]
    ways += [re.findall(r"^    pipeline/(\w+)/", at_left, re.M)[:-1]]  # the last is the ground, under all
    climbs = [[height[wing] for wing in way if wing in height] for way in ways]

    assert any(len(climb) > 3 for climb in climbs)
    assert [way for way, climb in zip(ways, climbs, strict=True) if climb != sorted(climb)] == []


def test_the_plan_and_its_clarifications_have_one_name_each():
    """Cited as "analysis plan 6.3" and "clarification 5" (GLOSSARY)."""
    other = re.compile(r"\b(?:[Ss]ap \d|[Dd]omain[ ]specification)|domain[.]md|(?<!nalysis )\b[Pp]lan (?:\d+\.\d|F0)")
    files = [*CODE, *(ROOT / "tests").rglob("*.py"), *(ROOT / "specs").rglob("*.yaml"), *ROOT.rglob("docs/*.md")]

    assert [str(p.relative_to(ROOT)) for p in files if other.search(p.read_text(encoding="utf-8"))] == []


def test_the_name_of_a_class_stands_for_one_thing():
    names = [(name, str(p.relative_to(ROOT))) for p in CODE
             for name in re.findall(r"^class (\w+)", p.read_text(encoding="utf-8"), re.M)]  # fmt: skip
    once = {name for name, _ in names if sum(name == other for other, _ in names) == 1}

    assert [place for place in names if place[0] not in once] == []


def test_each_place_of_slow_tests_is_there():
    places = (ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").splitlines()[1:]

    assert [place for place in places if not (ROOT / place).exists()] == []
