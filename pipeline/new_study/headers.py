"""The columns of a dictionary, of its codelists and visits by what they mean, whatever an EDC calls them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.new_study.workbook import is_workbook, rows_of
from pipeline.readers.encoding import decode

# Letters and digits of the names, the most certain first; a column is taken once.
NAMES = {
    "form": "FORMOID FORMID FORM SHEET DATASET DOMAIN TABLE MODULE CRF CRFPAGE INSTRUMENT PAGE ECRF FORMNAME CRFNAME "
    "DATASETNAME TABLENAME SHEETNAME VIEW PANEL",
    "form_label": "FORMLABEL FORMNAME FORMTITLE FORMDESCRIPTION SHEETLABEL CRFNAME DATASETLABEL CRFLABEL FORMTEXT "
    "TABLELABEL INSTRUMENTLABEL DRAFTFORMNAME",
    "field": "FIELDOID FIELDID FIELD VARIABLE COLUMN ITEM ITEMOID ITEMID NAME VARIABLENAME FIELDNAME ITEMNAME "
    "COLUMNNAME VARNAME VAR QUESTIONID ELEMENT",
    "label": "LABEL FIELDLABEL MEANING DESCRIPTION PROMPT QUESTION VARIABLELABEL ITEMLABEL QUESTIONTEXT ITEMTEXT TEXT "
    "FIELDDESCRIPTION ITEMDESCRIPTION QUESTIONLABEL CRFTEXT PRETEXT SASLABEL DRAFTFIELDNAME",
    "type": "DATATYPE TYPE DATAFORMAT FORMAT FIELDTYPE ITEMTYPE VARIABLETYPE CONTROLTYPE",
    "codelist": "CODELIST CODELISTNAME DICTIONARY DATADICTIONARYNAME CODELISTOID LIST CODELISTID CHOICELIST VALUELIST",
    "values": "VALUES VALUESORUNIT ALLOWEDVALUES CHOICES PERMITTEDVALUES OPTIONS RESPONSEOPTIONS CODEDVALUES",
    "unit": "UNIT UNITS VALUESORUNIT MEASUREMENTUNIT FIXEDUNIT",
    "required": "REQUIRED MANDATORY REQ ISREQUIRED",
    "repeating": "REPEATINGFORM REPEATING REPEAT REPEATS GROUPREPEATS ISREPEATING LOGFORM",
    "folders": "FOLDERS VISITS FOLDER EVENTS VISIT EVENT",
    "version": "CRFVERSION CRFVERSIONS SINCE VERSION",
    "source": "SOURCE ORIGIN DATASOURCE",
    "file": "FILE FILENAME DATAFILE",
    "group": "ITEMGROUPOID ITEMGROUPID ITEMGROUP ITEMGROUPNAME",
}
LISTS = {
    "CODELIST": "CODELIST CODELISTNAME CODELISTOID LIST CODELISTID DATADICTIONARYNAME NAME",
    "CODED_VALUE": "CODEDVALUE CODEDDATA CODE VALUE SUBMISSIONVALUE STOREDVALUE KEY",
    "DECODE": "DECODE USERDATASTRING LABEL TEXT DISPLAY DISPLAYVALUE MEANING TERM DESCRIPTION ENGLISH",
    "ENGLISH": "ENGLISH ENGLISHLABEL LABELEN DECODEEN ENGLISHDECODE",
    "VERSION": "VERSION VERSIONS CRFVERSION CRFVERSIONS METADATAVERSION METADATAVERSIONOID MDVOID",
}
# What the name of a column ends with, where no name of it is known.
ENDINGS = {"label": ("LABEL", "PROMPT", "QUESTION", "DESCRIPTION"), "type": ("TYPE",), "codelist": ("CODELIST",),
           "values": ("CHOICES", "OPTIONS"), "required": ("REQUIRED", "MANDATORY")}  # fmt: skip
TELLING = tuple(NAMES)


def letters(text: str) -> str:
    """A column's name without blanks and signs, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def read_rows(path: Path, what: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The header of a CSV file, or a sheet of a workbook, and its rows with their lines, cells stripped.

    Raises TrialError when there is none.
    """
    if not path.is_file():
        raise TrialError(f"The {what} does not exist.", str(path), "say another file")
    if is_workbook(path):
        return rows_of(path, what)
    text = decode(path.read_bytes(), path.name).text
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    rows = [(reader.line_num, dict(zip(header, map(str.strip, cells), strict=False))) for cells in reader if any(cells)]
    return header, rows


def columns_of(
    header: Sequence[str], told: Mapping[str, str], place: str, names: Mapping[str, str] = NAMES
) -> dict[str, str]:
    """Which column holds what: as told, else by its name; a word for which there is no column is left out.

    Raises TrialError for a told column that is not there.
    """
    found: dict[str, str] = {}
    for word, column in told.items():
        meant = next((name for name in header if letters(name) == letters(column)), "")
        if not meant:
            raise TrialError(f"There is no column '{column}'.", f"{place}, line 1", did_you_mean(column, header))
        found[word] = meant
    for word, known in names.items():
        free = {letters(name): name for name in reversed(header) if name not in found.values() or _shared(name)}
        meant = next((free[one] for one in known.split() if one in free), "")
        if meant and word not in found:
            found[word] = meant
    for word in [word for word in ENDINGS if word in names and word not in found]:
        near = [n for n in header if n not in found.values() and letters(n).endswith(ENDINGS[word])]
        found |= dict.fromkeys([word], near[0]) if near else {}
    return found


def _shared(name: str) -> bool:
    """True for a column that says two things at once."""
    return letters(name) == "VALUESORUNIT"
