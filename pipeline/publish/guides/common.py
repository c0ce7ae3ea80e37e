"""The chapters that both guides have: introduction, protocol, conformance, how the files are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.ground.words import choice_text
from pipeline.publish.guides.model import Block, GuideTable, Items, Leading, Lines, Section, ToWrite, grid
from pipeline.publish.guides.told import GuideFacts
from pipeline.publish.guides.written import ENDING
from pipeline.study.abbreviations import abbreviations

TEXT_SIZE = 200
GUIDE_WORDS = {
    "ADaM": "Analysis Data Model", "ADRG": "Analysis Data Reviewer's Guide", "CDISC": "Clinical Data Interchange "
    "Standards Consortium", "CRF": "case report form", "cSDRG": "Clinical Study Data Reviewer's Guide",
    "CT": "controlled terminology", "JSON": "JavaScript Object Notation", "SDTM": "Study Data Tabulation Model",
    "XPT": "SAS transport file, version 5",
}  # fmt: skip
STANDARDS = (("sdtmig", "SDTM Implementation Guide"), ("adamig", "ADaM Implementation Guide"),
             ("sdtmct", "CDISC SDTM controlled terminology (NCI)"),
             ("adamct", "CDISC ADaM controlled terminology (NCI)"))  # fmt: skip
DICTIONARIES = {"meddra": "MedDRA", "whodrug": "WHODrug Global"}
READING = {
    "R": ("# XPT", 'haven::read_xpt("{name}.xpt")', "# Dataset-JSON 1.1",
          'x <- jsonlite::fromJSON("{name}.json")', "as.data.frame(x$rows) |> setNames(x$columns$name)"),
    "Python": ("# XPT", 'import pyreadstat; data, meta = pyreadstat.read_xport("{name}.xpt")', "# Dataset-JSON 1.1",
               'import json, pandas; x = json.load(open("{name}.json", encoding="utf-8"))',
               'data = pandas.DataFrame(x["rows"], columns=[c["name"] for c in x["columns"]])'),
}  # fmt: skip


def introduction(told: GuideFacts, what: str, layer: str) -> Iterator[Section]:
    """Purpose, acronyms, standards and dictionaries."""
    define = Leading("define.xml", "define.xml")
    yield Section("1", "Introduction")
    purpose = f"{what} It is made with the datasets, from the same build; what a person wrote is named where it stands."
    yield Section("1.1", "Purpose", (purpose, define))
    yield Section("1.2", "Acronyms", (grid("Acronym|Meaning", (1, 5), sorted(_acronyms(told).items())),))
    yield Section("1.3", "Study Data Standards and Dictionary Inventory", (_inventory(told, layer),))


def _acronyms(told: GuideFacts) -> dict[str, str]:
    """The guide's own, and those of the labels of datasets and titles of outputs."""
    words = [one.spec.label for one in told.datasets.values()]
    words += [" ".join(output.shell.title) for output in told.specs.outputs.values()]
    said = {word for text in words for word in re.findall(r"[A-Za-z0-9+-]+", text)}
    known = {one.short: one.meaning for one in abbreviations(told.specs) if one.short in said and one.meaning}
    return known | GUIDE_WORDS


def _inventory(told: GuideFacts, layer: str) -> GuideTable | str:
    standards = told.specs.study.standards
    rows = [(name, standards[word]) for word, name in STANDARDS if standards.get(word)
            and not (layer == "sdtm" and word.startswith("adam"))]  # fmt: skip
    rows += [("Define-XML", "2.1" + (", Analysis Results Metadata 1.0" if layer == "adam" else ""))]
    rows += [("Dataset-JSON", "1.1"), ("SAS transport file", "5")]
    said = told.manifest.get("dictionaries", {})
    rows += [(DICTIONARIES.get(word, word), version) for word, version in said.items()]
    rows += [(f"Criteria: {word}", version) for word, version in told.specs.study.criteria.items()]
    return grid("Standard or dictionary|Version", (3, 2), rows)


def protocol(told: GuideFacts, heading: str) -> Iterator[Section]:
    """Number, title and design of the protocol."""
    study = told.specs.study
    yield Section("2", "Protocol Description")
    rows = [("Study", study.study), ("Title", study.title), ("Indication", study.indication)]
    rows += [("Sponsor", study.sponsor)]
    named = grid("|", (1, 4), [row for row in rows if row[1]])
    yield Section("2.1", "Protocol Number and Title", (named,))
    arms = grid("Arm|What it is", (1, 4), [(arm.code, arm.label) for arm in study.all_arms])
    design: tuple[Block, ...] = (study.design,) if study.design else ()
    yield Section("2.2", heading, (*design, arms, *told.texts.blocks("protocol_design")))


def conformance(told: GuideFacts, number: int, layer: str) -> Iterator[Section]:
    """What rules of conformance found in the datasets of a layer, and why that is so."""
    table, names = told.audit("conformance"), set(told.names(layer))
    yield Section(str(number), "Data Conformance Summary")
    inputs = [f"{len(table)} rules (names, structure, order, labels, terminology, keys, dates, relations, study days, "
              "derived values) were held against the datasets by the program that made them.",
              "The define was held against the schema of Define-XML 2.1 and against the data: type, length, terms, "
              "where clauses, keys."]  # fmt: skip
    yield Section(f"{number}.1", "Conformance Inputs", tuple(inputs))
    found = [] if table.empty else [row for row in table.to_dict("records") if _of(str(row["WHERE"]), names)]
    rows = [(r["RULE"], r["SAYS"], "; ".join(_of(str(r["WHERE"]), names)), r["EXPLAINED"]) for r in found]
    blocks: list[Block] = [grid("Rule|What it says|Where, and how many|Explanation", (2, 4, 4, 5), rows)]
    blocks += [
        _unexplained(told, str(r["RULE"]), str(r["UNEXPLAINED"]), str(r["FIRST"]))
        for r in found
        if str(r["UNEXPLAINED"]) not in ("0", "")
    ]
    yield Section(f"{number}.2", "Issues Summary", tuple(blocks))


def _of(where: str, names: set[str]) -> list[str]:
    """The parts of what the table says (`AE.AEDECOD 1; ...`) that are of these datasets."""
    return [part for part in where.split("; ") if re.split(r"[. ]", part)[0] in names]


def _unexplained(told: GuideFacts, rule: str, count: str, first: str) -> ToWrite:
    file = f"{told.specs.folder.relative_to(told.specs.root)}/conformance_notes.csv"
    return ToWrite(file, f"why {count} records break the rule {rule} (first: {first}).")


def accepted(told: GuideFacts) -> GuideTable | str:
    """Differences between two derivations that the study accepts."""
    rows = told.accepted.to_dict("records")
    return grid("What|Why|Who|Until", (2, 4, 1, 1), [tuple(row.values()) for row in rows])


def otherwise(told: GuideFacts, layer: str) -> tuple[Block, ...]:
    """Values that the transport files hold otherwise than the datasets."""
    listing = told.otherwise
    found = listing[listing["DATASET"].isin(told.names(layer))]
    counts = found.groupby(["DATASET", "VARIABLE", "HOW"], sort=True).size()
    rows = [(*map(str, at), f"{count:,}") for at, count in counts.items() if isinstance(at, tuple)]
    said = f"A transport file holds texts of up to {TEXT_SIZE} bytes of its signs. The values that it holds otherwise"
    said += " than the dataset are listed, none is cut; Dataset-JSON holds all as they are."
    return said, grid("Dataset|Variable|How it is written|Values", (1, 1, 4, 1), rows)


def reading(number: str, name: str) -> Section:
    """How the files are read."""
    blocks: list[Block] = []
    for language, lines in READING.items():
        blocks += [f"{language}:", Lines(tuple(line.format(name=name) for line in lines))]
    missing = "In Dataset-JSON a missing value is null."
    dates = "Dates of ADaM are texts of ISO 8601 there, and days since 1 January 1960 with a format in XPT."
    return Section(number, "How to Read the Datasets", (*blocks, f"{missing} {dates}"))


def decisions(told: GuideFacts, changed: bool = False) -> GuideTable | str:
    """The open points of the analysis plan with the choice in force; those that the study set itself, if so asked."""
    rows = [(name, one["question"], choice_text(one["value"]), one["set_in"], one["source"])
            for name, one in sorted(told.manifest.get("decisions", {}).items())
            if not changed or one["set_in"] != "standard"]  # fmt: skip
    return grid("Decision|Question|Choice|Set in|Source", (2, 5, 2, 1, 2), rows)


def missing(told: GuideFacts) -> Section:
    """What people must still write, as a list; the guide marks each where it belongs."""
    asked = tuple(told.texts.missing)
    blocks: tuple[Block, ...] = (Items(asked),) if asked else (f"Nothing: all texts ({ENDING}) are there.",)
    return Section("", "What Is Still to Be Written", blocks, "missing")
