"""What a build of few targets leaves as it was: the other products of the build before, and which of them are stale."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.engine.audit import AUDITS
from pipeline.engine.core import handed
from pipeline.engine.from_sdtm import keys_node
from pipeline.engine.node import DATA, FINDINGS, KEYS, Graph
from pipeline.engine.runner import Build
from pipeline.engine.several_sources import sources_node
from pipeline.engine.store import read_parquet
from pipeline.ground.severity import SEVERITIES
from pipeline.publish import review_step
from pipeline.publish.document import INDEX, LIST, NAME, known_document
from pipeline.publish.findings_made import ALL, Looked
from pipeline.publish.manifest import LINEAGE, ProductManifest
from pipeline.publish.pages import known_pages, pages_node
from pipeline.publish.results_file import RESULT_FILES
from pipeline.publish.review_step import REVIEW, Folders, known_review
from pipeline.publish.written import COLLECTED, product_hash
from pipeline.study.specs import Specs

ORDER = ("check", "form", "subject", "record", "field", "value", "message")
EARLIER = "Found by an earlier build, not looked for in this one: "
OF_GATE = ("RAW-UNIT", "RAW-LINK")  # of the checks that read raw forms, those that need several or the mapping
MERGED = (*(f"results/{name}" for name in RESULT_FILES), "findings.csv", LINEAGE)


@dataclass(frozen=True)
class Rest:
    """Files of the earlier products that stay, by hash, the things they are of, and those that are stale."""

    manifest: ProductManifest = field(default_factory=ProductManifest)
    kept: dict[str, str] = field(default_factory=dict)
    stale: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """The datasets and outputs that stay."""
        return {thing(file) for file in self.kept}


NOTHING = Rest()


def thing(file: str) -> str:
    """The dataset or output that a product belongs to: adsl of adam/adsl.parquet, t_14_2_1 of tlf/t_14_2_1.rtf."""
    if file.startswith(f"{REVIEW}/"):
        return REVIEW
    name = file.split("/")[-1].split(".")[0]
    return NAME if file.startswith("tlf/") and name in (LIST, INDEX.split(".")[0]) else name


def node_of(file: str, graph: Graph) -> tuple[str, str]:
    """The node that makes a product, and its file in the cache."""
    folder, name = file.split("/")[0], thing(file)
    if name in AUDITS:
        return name, file
    if folder == REVIEW:
        within = file.removeprefix(f"{REVIEW}/")
        return review_step.node_of(within), within
    if folder == "tlf":
        return pages_node(name), file.split("/")[-1]
    if folder == "lineage":
        return sources_node(name), DATA
    return (keys_node(graph, name), KEYS) if folder == "keys" else (handed(name, graph), DATA)


def rest_of(build: Build, whole: Build, manifest: ProductManifest, looked: Looked, named: Folders) -> Rest:
    """What stays of the earlier products; stale is what would not be made the same now, as far as is known."""
    made = {*build.entries, *build.failed, *(pages_node(name) for name in (*build.entries, *build.failed))}
    kept = {f: h for f, h in manifest["files"].items() if f not in MERGED and node_of(f, build.graph)[0] not in made}
    for name in [name for name in build.specs.outputs if name in whole.entries]:
        known_pages(whole, name, looked.status)
    known_document(whole, looked.status)
    known_review(whole, looked, named)
    stale = {thing(file) for file, noted in kept.items() if noted not in _now(whole, file, *node_of(file, build.graph))}
    if looked.scope != ALL and manifest["files"].get("findings.csv") != looked.entry.files["findings.csv"]:
        stale.add("findings")
    return Rest(manifest, kept, tuple(sorted(stale)))


def _now(whole: Build, product: str, node: str, file: str) -> tuple[str, ...]:
    """The hashes of what the node would give now, made and as it is written; none when that is not known."""
    entry = whole.entries.get(node)
    if entry is None or file not in entry.files:
        return ()
    if not product.startswith(f"{COLLECTED}/"):
        return (entry.files[file],)
    made, noted = whole.cache.vouched(node, entry, file), entry.files[file]
    return noted, product_hash(made, noted, whole.specs.datasets, product)


def joined_results(new: Any, old: Any, without: Iterable[str], specs: Specs) -> Any:
    """The rows of the outputs made now, and those of the others from the build before, in the order of the specs."""
    import pandas as pd

    numbers = {name: output.shell.output for name, output in specs.outputs.items()}
    left = [numbers[name] for name in without if name in numbers]
    gone = {*(new["OUTPUT"] if len(new) else ()), *left}
    parts = [part for part in (new, old[~old["OUTPUT"].isin(gone)]) if len(part)]
    if not parts:
        return new
    rows = pd.concat(parts, ignore_index=True)
    place = {number: n for n, number in enumerate(numbers.values())}
    return rows.sort_values("OUTPUT", key=lambda names: names.map(place), kind="stable", ignore_index=True)


def still_told(whole: Build, old: bytes) -> bytes:
    """Of earlier findings (CSV) those found by what this build neither made nor knows, marked as earlier ones.

    What the forms that were read say of themselves is looked for anew, also where the gate was not run.
    """
    from pipeline.ground.plain_csv import rows_text

    header, before = _table(old)
    rows = [row | {"message": row["message"].removeprefix(EARLIER)} for row in before]
    found = _found_by(whole, [name for name in whole.graph if name not in whole.entries])
    again = {"", *(name.removeprefix("raw:") for name in whole.entries if name.startswith("raw:"))}
    kept = [row for row in rows if _row(row) in found and not (_of_reading(row["check"]) and row["form"] in again)]
    told = [tuple((row | {"message": EARLIER + row["message"]})[name] for name in header) for row in kept]
    return rows_text(header, told).encode("utf-8")


def _found_by(build: Build, nodes: Iterable[str]) -> set[tuple[str, ...]]:
    """All that these nodes found in whatever build the cache still knows."""
    entries = [(node, entry) for node in nodes for entry in build.cache.kept(node) if FINDINGS in entry.files]
    frames = [read_parquet(build.cache.read(node, entry, FINDINGS)) for node, entry in entries]
    return {row for frame in frames for row in frame[list(ORDER)].itertuples(index=False, name=None)}


def _row(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ORDER)


def _of_reading(check: str) -> bool:
    """True for what every build looks for in the forms that it reads."""
    return check.startswith("RAW-") and check not in OF_GATE


def joined_findings(new: bytes, old: bytes) -> bytes:
    """Two tables of findings (CSV) as one, by severity and check; what the new one says of a cell it says alone."""
    from pipeline.ground.plain_csv import rows_text

    names, found = _table(new)
    more, before = _table(old)
    told = {_cell(row) for row in found}
    rows = [*found, *(row for row in before if _cell(row) not in told)]
    rank = {name: str(n) for n, name in enumerate(SEVERITIES)}
    rows.sort(key=lambda row: (rank.get(row["severity"], "9"), *(row.get(name) or "" for name in ORDER)))
    header = list(dict.fromkeys([*names, *more]))
    return rows_text(header, [tuple(row.get(name) or "" for name in header) for row in rows]).encode("utf-8")


def _table(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    from pipeline.ground.plain_csv import as_written

    reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    rows = [{name: as_written(cell or "") for name, cell in row.items()} for row in reader]
    return list(reader.fieldnames or []), rows


def _cell(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row.get(name) or "" for name in ("check", "form", "record", "field"))
