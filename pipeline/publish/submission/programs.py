"""Programs as plain texts, each with a header that says what it makes, and all modules and specs in two packs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from pipeline.engine.graph import Graph
from pipeline.ground import source
from pipeline.ground.source import CODE, GIVEN, PACKAGES, PACKED
from pipeline.publish.export.dataset import Exported
from pipeline.publish.guides.told import Program
from pipeline.publish.submission.packs import packed
from pipeline.study.specs import Output, Specs

TEXTS = (".py", ".typ", ".html", ".css", ".js", ".csv")
AROUND = ("pyproject.toml", "constraints.txt")
RULE = "# " + "-" * 78


def programs_of(specs: Specs, graph: Graph, datasets: Mapping[str, Exported], made: list[str]) -> tuple[Program, ...]:
    """The programs of the analysis datasets, then of the outputs named in `made`."""
    of_datasets = [_of_dataset(one, graph) for _, one in sorted(datasets.items()) if one.spec.layer == "adam"]
    return (*of_datasets, *(_of_output(specs.outputs[name], name, graph) for name in made))


def _of_dataset(one: Exported, graph: Graph) -> Program:
    nodes = [node for node in graph.values() if node.dataset == one.spec.name and node.module]
    needs = sorted({graph[need].dataset.upper() for node in nodes for need in node.needs})
    module = nodes[0].module if nodes else ""
    return Program(f"{one.spec.name}.txt", one.name, tuple(needs), module, f"trial build {one.spec.name}")


def _of_output(output: Output, name: str, graph: Graph) -> Program:
    shell, node = output.shell, graph[name]
    needs = tuple(graph[need].dataset.upper() for need in node.needs)
    title, command = " - ".join(shell.title), f"trial build {shell.output}"
    return Program(f"{name}.txt", title, needs, node.module, command, shell.output)


def program_text(program: Program, specs: Specs) -> str:
    """A program: its header, then the module with the spec of its dataset, or the shell of its output in full."""
    label = f"{program.output} {program.makes}".strip()
    told = {"Program": program.file, "Makes": label, "From": " ".join(program.needs), "Module": program.module,
            "Study": specs.study.study, "Run by": program.command}  # fmt: skip
    head = "\n".join([RULE, *(f"# {word:<8} {value}" for word, value in told.items()), RULE, ""])
    return head + "\n".join(_body(program, specs))


def _body(program: Program, specs: Specs) -> Iterator[str]:
    name = program.file.removesuffix(".txt")
    if program.output:
        yield "# The shell of the output, in full.\n"
        content = _plain(specs.outputs[name].written.content)
        yield yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
        return
    path = source.module_path(program.module) if program.module else None
    if path:
        yield f"# {path.relative_to(CODE)}\n\n{path.read_text(encoding='utf-8')}"
    for file in specs.datasets[name].files:
        if file.is_file():
            yield f"\n# {file.relative_to(specs.root)}\n\n{file.read_text(encoding='utf-8')}"


def _plain(content: object) -> object:
    """A spec's content as plain dictionaries, lists and texts."""
    if isinstance(content, Mapping):
        return {str(word): _plain(part) for word, part in content.items()}
    return [_plain(part) for part in content] if isinstance(content, list | tuple) else str(content)


def program_pack() -> str:
    """All modules of the program; fonts and pictures come with its wheel."""
    found = [path for package in PACKAGES for path in sorted((CODE / package).rglob("*")) if path.suffix in TEXTS]
    told = {str(path.relative_to(CODE)): path for path in found if not path.is_relative_to(PACKED)}
    told |= {name: GIVEN / name for name in AROUND if (GIVEN / name).is_file()}
    return packed(_head("the program", len(told)), ((name, _text(path)) for name, path in told.items()))


def specs_pack(specs: Specs) -> str:
    """All specs of the standard and the study, and the published figures that they name."""
    folders = (specs.root / "specs" / "standard", specs.folder)
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    paths += sorted((specs.root / "data" / "published").glob("*.csv"))
    return packed(_head("the specs", len(paths)), ((str(path.relative_to(specs.root)), _text(path)) for path in paths))


def _head(what: str, count: int) -> str:
    said = f"# Pack of {what}: {count} files. Each begins with a line `File:`; its lines are two blanks in."
    return f"{RULE}\n{said}\n{RULE}"


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
