"""The site: pages laid out for MkDocs, which makes of them a folder that a browser opens from disk."""

from __future__ import annotations

import importlib.util
import logging
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from pipeline.documentation import search
from pipeline.documentation.parts import OUTPUTS, SiteSources, page
from pipeline.engine.store import Json
from pipeline.ground.faults import TrialError

GUIDE, MANUAL, SITE = Path("docs") / "guide", Path("docs") / "specs", Path("docs") / "site"
BESIDE = ("results.md", "analysis_plan.md", "clarifications.md", "benchmarks.md")
FILES = ("f_14_2_1.png", "t_14_2_1.png", "ars_reader.py")
THEME: Mapping[str, Json] = {
    "name": "material", "font": False, "features": ["navigation.indexes", "toc.follow"],
    "palette": {"primary": "blue grey"},
}  # fmt: skip
PLACES: Mapping[str, Json] = {"permalink": True, "toc_depth": 3}
EXTENSIONS: Sequence[Json] = ["tables", "attr_list", "admonition", "pymdownx.details", "pymdownx.superfences",
                              {"toc": {**PLACES}}]  # fmt: skip
NAV = (
    ("Start", ("index.md", "guide/start.md", "guide/new_study.md", "guide/from_sas.md")),
    ("Guides", ("guide/data_manager.md", "guide/submission.md", "guide/scale.md", "benchmarks.md", "guide/design.md")),
    ("How it is derived", ("guide/derivations.md", "guide/statistics.md", "guide/verbs.md", "results.md")),
    ("The plan", ("analysis_plan.md", "clarifications.md")),
    ("Reference", ("guide/commands.md", "guide/python.md", "guide/sdtm.md", "guide/adam.md", "guide/checks.md",
                   "guide/outputs.md", "guide/rules.md")),
)


def pages(of: SiteSources) -> dict[str, str]:
    """The text of every page by its path in the site: the guide with its parts made, the manual, what stands beside."""
    found = {f"guide/{path.name}": page(path.read_text(encoding="utf-8"), of)
             for path in sorted((of.root / GUIDE).glob("*.md"))}  # fmt: skip
    found["index.md"] = found.pop("guide/index.md")
    found |= {f"specs/{path.name}": path.read_text(encoding="utf-8") for path in (of.root / MANUAL).glob("*.md")}
    return found | {name: (of.root / "docs" / name).read_text(encoding="utf-8") for name in BESIDE}


def build(of: SiteSources, target: Path) -> Path:
    """Make the site in a folder, which is replaced; its first page. Raises TrialError without MkDocs."""
    if not (of.root / GUIDE).is_dir():
        raise TrialError("The pages of the guide are not here.", str(of.root), "make the site in a clone: make docs")
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        raise TrialError("MkDocs with Material is not installed here.", "", "make docs sets it up")
    from mkdocs.commands.build import build as make
    from mkdocs.config import load_config

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _lay(of, home / "docs")
        config = home / "mkdocs.yml"
        config.write_text(yaml.safe_dump(_config(home, target, pages(of))), encoding="utf-8")
        logging.getLogger("mkdocs").setLevel(logging.ERROR)
        make(load_config(str(config)))
    search.write(target)
    return target / "index.html"


def _lay(of: SiteSources, docs: Path) -> None:
    for name, text in pages(of).items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8")
    for name in ("example", "schema"):
        shutil.copytree(of.root / MANUAL / name, docs / "specs" / name)
    shutil.copytree(search.ASSETS, docs / search.FOLDER)
    (docs / OUTPUTS).mkdir()
    for name, picture in of.pictures.items():
        (docs / OUTPUTS / f"{name}.png").write_bytes(picture)
    for path in [*(of.root / "docs" / name for name in FILES), *(of.root / GUIDE).glob("*.png")]:
        shutil.copyfile(path, docs / path.name)


def _config(home: Path, target: Path, found: Mapping[str, str]) -> dict[str, Json]:
    manual = ["specs/README.md", *sorted(name for name in found if name.startswith("specs/") and "README" not in name)]
    nav = [{title: list(names)} for title, names in NAV]
    return {"site_name": "trial: CAR-T trials from extract to tables", "docs_dir": str(home / "docs"),
            "site_dir": str(target), "theme": dict(THEME), "use_directory_urls": False, "plugins": [],
            "markdown_extensions": [*EXTENSIONS], "nav": [*nav, {"Manual of specs": manual}],
            "extra_javascript": [f"{search.FOLDER}/search.js"], "extra_css": [f"{search.FOLDER}/search.css"],
            "extra": {"generator": False}}  # fmt: skip
