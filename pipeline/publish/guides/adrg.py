"""The Analysis Data Reviewer's Guide: ADaM datasets, programs, outputs. Source: PHUSE, ADRG template, its chapters."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.publish.export.dataset import Exported
from pipeline.publish.guides import common
from pipeline.publish.guides.model import Block, GuideTable, Leading, Lines, Section, grid
from pipeline.publish.guides.told import SECOND, GuideFacts

TITLE, FILE, LAYER = "Analysis Data Reviewer's Guide", "adrg.pdf", "adam"
PURPOSE = "This guide tells what a reviewer needs to know of analysis datasets (ADaM), programs and outputs."
TREATED, ARMS = ("TRT", "TR0"), ("ARM", "ACTARM")
IMPUTED, WINDOW = ("DTF", "TMF"), ("VISIT", "AVISIT", "ANCHOR", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH")
PACKS = ("program_pack.txt", "specs_pack.txt")
RUN_AGAIN = (
    "pip install --no-index --find-links wheelhouse trial-pipeline",
    "trial submission --check FOLDER", "trial submission --rerun FOLDER",
)  # fmt: skip


def sections(told: GuideFacts) -> Iterator[Section]:
    """The guide section by section."""
    yield from common.introduction(told, PURPOSE, LAYER)
    written = told.texts.blocks("adrg_source_data")
    yield Section("1.4", "Source Data Used for Analysis Dataset Creation", (*_source(told), *written))
    yield from common.protocol(told, "Protocol Design in Relation to ADaM Concepts")
    yield from _considerations(told)
    yield from _processing(told)
    yield Section("5", "Analysis Dataset Descriptions")
    yield Section("5.1", "Overview", told.texts.blocks("adrg_overview"))
    yield Section("5.2", "Analysis Datasets", (_datasets(told),))
    for number, one in enumerate(told.of_layer(LAYER), start=1):
        yield Section(f"5.2.{number}", f"{one.name}, {one.spec.label}", tuple(_dataset(told, one)), one.name)
    yield from common.conformance(told, 6, LAYER)
    yield Section("6.3", "Second Derivation", tuple(_second(told)))
    yield Section("6.4", "Accepted Differences", (common.accepted(told),))
    yield from _programs(told)
    yield Section("8", "Appendices")
    yield Section("8.1", "Files of the Package", (Lines(told.tree),))
    yield Section("8.2", "Values in Transport Files", common.otherwise(told, LAYER))
    yield common.reading("8.3", "adsl")
    yield common.missing(told)


def _source(told: GuideFacts) -> tuple[str, ...]:
    cut, run = told.manifest.get("cutoff_named") or "none", told.manifest.get("run", "")
    return (f"All analysis datasets are made from the SDTM datasets of this package; data cut: {cut}; run {run}.",)


def _considerations(told: GuideFacts) -> Iterator[Section]:
    yield Section("3", "Analysis Considerations Related to Multiple Analysis Datasets")
    kept = "What SDTM holds is kept as it is; analysis values stand beside it in variables of their own."
    led = "SRCDOM, SRCVAR and SRCSEQ lead from a record to that of SDTM."
    yield Section("3.1", "Comparison of SDTM and ADaM Content", (f"{kept} {led}",))
    yield Section("3.2", "Core Variables", (_core(told),))
    yield Section("3.3", "Treatment Variables", (_treatment(told),))
    yield Section("3.4", "Use of Visit Windowing, Unscheduled Visits and Record Selection", (_windows(told),))
    yield Section("3.5", "Imputation and Derivation Methods", (_imputed(told),))
    yield Section("3.6", "Decisions Where the Analysis Plan Is Open", (common.decisions(told),))


def _variables(told: GuideFacts, name: str, chosen: Iterator[str]) -> GuideTable | str:
    one = told.datasets.get(name)
    known = one.spec.by_name if one else {}
    rows = [(word, known[word].label, known[word].derivation or known[word].source) for word in chosen if word in known]
    return grid("Variable|Label|Derivation or source", (1, 3, 5), rows)


def _core(told: GuideFacts) -> GuideTable | str:
    """The variables of ADSL that every other dataset carries."""
    carried = [set(one.spec.carried) for one in told.of_layer(LAYER) if one.name != "ADSL"]
    every = set.intersection(*carried) if carried else set()
    subjects = told.datasets.get("adsl")
    return _variables(told, "adsl", (name for name in (subjects.spec.names if subjects else ()) if name in every))


def _treatment(told: GuideFacts) -> GuideTable | str:
    subjects = told.datasets.get("adsl")
    names = subjects.spec.names if subjects else ()
    treated = (name for name in names if name.startswith(TREATED) or name in ARMS)
    return _variables(told, "adsl", treated)


def _windows(told: GuideFacts) -> GuideTable | str:
    if "visits" not in told.specs.tables:
        return "None: the study names no visits."
    from pipeline.study.csv_text import load_table

    visits = load_table(told.specs.tables["visits"]).fillna("")
    rows = [tuple(row.get(name, "") for name in WINDOW) for row in visits.to_dict("records") if row.get("AVISIT")]
    return grid("Visit|Analysis visit|Days from|Planned|From|To", (3, 3, 2, 1, 1, 1), rows)


def _imputed(told: GuideFacts) -> GuideTable | str:
    """Variables that tell imputation, and how."""
    rows = [(one.name, v.name, v.label, v.derivation) for one in told.of_layer(LAYER) for v in one.spec.variables
            if v.name.endswith(IMPUTED) and v.name not in one.spec.carried]  # fmt: skip
    return grid("Dataset|Flag|Label|How", (1, 1, 3, 5), rows)


def _processing(told: GuideFacts) -> Iterator[Section]:
    yield Section("4", "Analysis Data Creation and Processing Issues")
    split = [name for name in told.tree if "/split/" in name]
    yield Section("4.1", "Split Datasets", (Lines(tuple(split)) if split else "No dataset is split.",))
    yield Section("4.2", "Data Dependencies", (_dependencies(told),))
    steps = [(name, spec.structure or spec.label) for name, spec in sorted(told.specs.datasets.items())
             if spec.intermediate and spec.layer == LAYER]  # fmt: skip
    said = "Steps between SDTM and ADaM; they are made when the datasets are made, and are not part of this package."
    yield Section("4.3", "Intermediate Datasets", (said, grid("Step|What a record is", (1, 4), steps)))


def _dependencies(told: GuideFacts) -> GuideTable | str:
    """The datasets of the package behind each analysis dataset."""
    rows = []
    for one in told.of_layer(LAYER):
        own = [name for name, node in told.graph.items() if node.dataset == one.spec.name]
        there = [told.datasets[name] for name in sorted(_nearest(told, own) - {one.spec.name})]
        sdtm, adam = (" ".join(each.name for each in there if each.spec.layer == layer) for layer in ("sdtm", LAYER))
        rows.append((one.name, adam, sdtm))
    return grid("Dataset|From ADaM|From SDTM", (1, 2, 4), rows)


def _nearest(told: GuideFacts, nodes: list[str]) -> set[str]:
    """The datasets of the package that come first on every way back from these nodes."""
    found: set[str] = set()
    todo = [need for node in nodes for need in told.graph[node].needs]
    seen = set(todo)
    while todo:
        name = todo.pop()
        if name not in told.graph:
            continue
        dataset = told.graph[name].dataset
        further = () if dataset in told.datasets else told.graph[name].needs
        found |= {dataset} & set(told.datasets)
        todo += [need for need in further if need not in seen]
        seen |= set(further)
    return found


def _datasets(told: GuideFacts) -> GuideTable | str:
    rows = [(Leading(one.name, f"#{one.name}"), one.spec.label, one.spec.observation_class, one.spec.structure,
             ", ".join(one.spec.keys), f"{len(one.data):,}") for one in told.of_layer(LAYER)]  # fmt: skip
    return grid("Dataset|Label|Class|Structure|Keys|Records", (2, 4, 3, 5, 4, 2), rows)


def _dataset(told: GuideFacts, one: Exported) -> Iterator[Block]:
    yield Leading(f"{one.name.lower()}.xpt", f"{one.name.lower()}.xpt")
    yield f"{one.spec.structure.rstrip('.')}; {len(one.data):,} records."
    if {"PARAMCD", "PARAM"} <= set(one.spec.names):
        counts = one.data["PARAMCD"].value_counts()
        named = one.data[["PARAMCD", "PARAM"]].dropna().drop_duplicates("PARAMCD").sort_values("PARAMCD")
        how = {parameter.code: parameter.derivation for parameter in one.spec.parameters}
        rows = [(code, label, how.get(code, ""), f"{counts[code]:,}") for code, label in named.itertuples(index=False)]
        yield grid("Parameter|Label|Derivation|Records", (2, 4, 6, 1), rows)


def _second(told: GuideFacts) -> Iterator[Block]:
    """What was derived a second time from the SDTM, and how far both agree."""
    yield ("The endpoints below were derived a second time from the SDTM of this run, by SQL written from the analysis "
           "plan that shares no code with the programs, and compared subject by subject.")  # fmt: skip
    rows = [(r["ENDPOINT"], r["ADAM"], r["COMPARED"], r["AGREED"], r["DIFFERED"], r["ACCEPTED"], r["SAID"])
            for r in told.audit(SECOND).to_dict("records")]  # fmt: skip
    columns = "Endpoint|In ADaM|Compared|Agreed|Differ|Accepted|Remark"
    yield grid(columns, (4, 3, 1.4, 1.2, 1, 1.4, 4), rows)


def _programs(told: GuideFacts) -> Iterator[Section]:
    yield Section("7", "Submission of Programs")
    of_datasets, of_outputs = ([one for one in told.programs if bool(one.output) == is_output] for is_output in (0, 1))
    datasets = [(_program(one.file), one.makes, " ".join(one.needs), one.module) for one in of_datasets]
    outputs = [(_program(one.file), one.output, one.makes, " ".join(one.needs)) for one in of_outputs]
    yield Section("7.1", "ADaM Programs", (grid("Program|Makes|From|Module", (2, 3, 4, 2), datasets),))
    yield Section("7.2", "Analysis Output Programs", (grid("Program|Output|Title|From", (2, 1, 5, 3), outputs),))
    packs = "All modules and all specs stand in two packed texts, from which the run is repeated."
    yield Section("7.3", "Macro Programs", (packs, *(_program(name) for name in PACKS)))
    versions = grid("Software|Version", (2, 2), told.manifest.get("versions", {}).items())
    yield Section("7.4", "Software", (versions,))
    again = "The package is checked, and built again from its SDTM, by:"
    yield Section("7.5", "How to Run Everything Again", (again, Lines(RUN_AGAIN)))


def _program(file: str) -> Leading:
    return Leading(file, f"../programs/{file}")
