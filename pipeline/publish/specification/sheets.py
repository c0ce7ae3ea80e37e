"""The sheets of a specification workbook: their columns, and how a sponsor's names are read.

Source: the Excel specification of Pinnacle 21, whose sheets and columns the field exchanges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DATASETS, VARIABLES, VALUES, CLAUSES = "Datasets", "Variables", "ValueLevel", "WhereClauses"
CODELISTS, DICTIONARIES, METHODS, COMMENTS = "Codelists", "Dictionaries", "Methods", "Comments"
DOCUMENTS, DISPLAYS, RESULTS, STUDY = "Documents", "Analysis Displays", "Analysis Results", "Define"
DATASET, VARIABLE, WHERE, METHOD, COMMENT, CODELIST = (
    "Dataset", "Variable", "Where Clause", "Method", "Comment", "Codelist",
)  # fmt: skip
ITEM = ("Label", "Data Type", "Length", "Significant Digits", "Format", "Mandatory", "Assigned Value", CODELIST)
FROM = ("Origin", "Source", "Pages", METHOD, "Predecessor")
COLUMNS: dict[str, tuple[str, ...]] = {
    STUDY: ("Attribute", "Value"),
    DATASETS: (DATASET, "Label", "Class", "SubClass", "Structure", "Key Variables", "Standard", "Has No Data",
               "Repeating", "Reference Data", COMMENT, "Developer Notes"),
    VARIABLES: ("Order", DATASET, VARIABLE, *ITEM, "Common", *FROM, "Role", "Has No Data", COMMENT, "Developer Notes"),
    VALUES: ("Order", DATASET, VARIABLE, WHERE, *ITEM, *FROM, COMMENT, "Developer Notes"),
    CLAUSES: ("ID", DATASET, VARIABLE, "Comparator", "Value", COMMENT),
    CODELISTS: ("ID", "Name", "NCI Codelist Code", "Data Type", "Terminology", COMMENT, "Order", "Term",
                "NCI Term Code", "Decoded Value"),
    DICTIONARIES: ("ID", "Name", "Data Type", "Dictionary", "Version"),
    METHODS: ("ID", "Name", "Type", "Description", "Expression Context", "Expression Code", "Document", "Pages"),
    COMMENTS: ("ID", "Description", "Document", "Pages"),
    DOCUMENTS: ("ID", "Title", "Href"),
    DISPLAYS: ("ID", "Title", "Document", "Pages"),
    RESULTS: ("Display", "ID", "Description", "Variables", "Reason", "Purpose", "Selection Criteria", "Join Comment",
              "Documentation", "Documentation Refs", "Programming Context", "Programming Code", "Programming Document",
              "Pages"),
}  # fmt: skip
# The columns by which a row is the same in two workbooks; a where clause of several rows is several comparisons.
KEYS: dict[str, tuple[str, ...]] = {
    STUDY: ("Attribute",), DATASETS: (DATASET,), VARIABLES: (DATASET, VARIABLE), VALUES: (DATASET, VARIABLE, WHERE),
    CLAUSES: ("ID", DATASET, VARIABLE, "Comparator", "Value"), CODELISTS: ("ID", "Term"), DICTIONARIES: ("ID",),
    METHODS: ("ID",), COMMENTS: ("ID",), DOCUMENTS: ("ID",), DISPLAYS: ("ID",), RESULTS: ("Display", "ID"),
}  # fmt: skip
OTHER_SHEETS = {
    "valuelevelmetadata": VALUES, "vlm": VALUES, "whereclause": CLAUSES, "dataset": DATASETS, "variable": VARIABLES,
    "codelist": CODELISTS, "method": METHODS, "comment": COMMENTS, "document": DOCUMENTS, "displays": DISPLAYS,
    "results": RESULTS, "study": STUDY,
}  # fmt: skip
OTHER_COLUMNS = {
    "datasetname": DATASET, "domain": DATASET, "variablename": VARIABLE, "sasname": VARIABLE, "variablelabel": "Label",
    "datasetlabel": "Label", "type": "Data Type", "keys": "Key Variables", "keyvariable": "Key Variables",
    "whereclauseid": WHERE, "where": WHERE, "displayformat": "Format", "computationalmethod": METHOD,
    "derivation": METHOD, "methodid": METHOD, "codelistid": CODELIST, "crfpages": "Pages", "page": "Pages",
    "commentid": COMMENT, "decode": "Decoded Value", "codedvalue": "Term", "ncicode": "NCI Term Code",
    "operator": "Comparator", "values": "Value", "text": "Description",
}  # fmt: skip


@dataclass(frozen=True)
class SpecSheet:
    """A sheet: its name and columns as its workbook has them, and its rows.

    `kind` is the sheet that it is and `known` what each column is ('' of extra ones), `lines` the rows of the workbook.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    known: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = ()

    def records(self) -> list[dict[str, str]]:
        """The rows by what their columns are; extra columns by their own names."""
        names = [known or column for known, column in zip(self.known, self.columns, strict=True)]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def line(self, number: int) -> int:
        """The row of the workbook in which a record stands."""
        return self.lines[number] if self.lines else number + 2


def sheet(kind: str, records: list[dict[str, str]]) -> SpecSheet:
    """A sheet of ours from its records."""
    columns = COLUMNS[kind]
    return SpecSheet(kind, kind, columns, columns, tuple(tuple(one.get(c, "") for c in columns) for one in records))


def kind_of(name: str) -> str:
    """The sheet that a sponsor's name means, '' for an extra one."""
    said = plain(name)
    return next((kind for kind in COLUMNS if plain(kind) == said), OTHER_SHEETS.get(said, ""))


def column_of(kind: str, name: str) -> str:
    """The column that a sponsor's name means in a sheet, '' for an extra one."""
    said, columns = plain(name), COLUMNS.get(kind, ())
    other = OTHER_COLUMNS.get(said, "")
    return next((column for column in columns if plain(column) == said), other if other in columns else "")


def plain(name: str) -> str:
    """A name without what workbooks write otherwise: capitals, blanks, signs."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
