"""The long form of a findings domain: a table `xx_tests.csv` with one test per row, written out as rows of the sheet.

Columns: form, field, test, list, unit, result. Each row is a block of its form, called as the test: the records with an
entry in the field, their --TESTCD, --ORRES and --STRESC, and what `unit`, `list` and `result` ask for beside them. What
all tests of a form share (date, visit, category) stands in the sheet under block `*`; what one test has besides, under
the block of its name.
"""

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from sdtm.mapping.sheet import Known, MappingRow, check_row

COLUMNS = ("form", "field", "test", "list", "unit", "result")
# How a result is collected: as text, as the code of a list (without one a code that is a number is the number too), as
# a number (with a list: the number that the list has for the answer), as a number that may be a limit, or as a date.
NUMBERS = {"number": "assign_number", "limited": "assign_result"}
RESULTS = ("text", "code", *NUMBERS, "date")


def read_tests(tests: pd.DataFrame, domain: str, known: Known, sheet: list[MappingRow], file: str) -> list[MappingRow]:
    """All tests as rows of the mapping sheet, beside those that `sheet` has already.

    Raises TrialError naming line, unknown word and its close matches; for a test or a target that stands twice.
    """
    missing = [name for name in COLUMNS if name not in tests]
    if missing:
        cure = "the header is " + ",".join(COLUMNS)
        raise TrialError(f"The table of tests lacks the column {missing[0]}.", f"{file}, line 1", cure)
    cells = tests[list(COLUMNS)].fillna("").to_dict("records")
    seen = {(row.form, row.block, row.target): row.place for row in sheet if not row.where}
    rows: list[MappingRow] = []
    for line, test in [(line, test) for line, test in enumerate(cells, start=2) if any(test.values())]:
        own = rows_of_test(test, domain, known, line, file)
        for row in own:
            _check_once(row, seen)
            check_row(row, known)
        seen |= {(row.form, row.block, row.target): row.place for row in own}
        rows += own
    return rows


def rows_of_test(test: dict[str, str], domain: str, known: Known, line: int, file: str) -> list[MappingRow]:
    """One test as rows of the mapping sheet. Raises TrialError for a result that is none, or that no list can have."""
    result, place = test["result"], f"{file}, line {line} ({test['form']} {test['test']})"
    if result not in RESULTS:
        raise TrialError(f"Unknown result '{result}'.", place, did_you_mean(result, RESULTS))
    if test["list"] and result in ("limited", "date"):
        what = f"A {'date' if result == 'date' else 'number that may be a limit'} has no list."
        raise TrialError(what, place, "leave the list empty, or say text or number as the result")
    if not test["test"]:
        raise TrialError("The row names no test.", place, f"write the code as the codelist of {domain}TESTCD has it")
    said = [(target, rule, " ".join(words)) for target, rule, *words in _written_out(test, domain, known)]
    return [MappingRow(test["form"], test["test"], target, rule, words.split(), "", line, file)
            for target, rule, words in said]


def _written_out(test: dict[str, str], domain: str, known: Known) -> list[tuple[str, ...]]:
    """Target, rule and words of each row that a test stands for."""
    field, listed, result = test["field"], test["list"], test["result"]
    coded = [f"{field}_STD"] if listed and f"{field}_STD" in known.fields.get(test["form"], ()) else []
    rows: list[tuple[str, ...]] = [
        ("", "answered", field, *coded),
        (f"{domain}TESTCD", "hardcode", test["test"]),
        (f"{domain}ORRES", "assign_code" if result == "code" else "assign", field),
    ]
    if listed:
        rows.append((f"{domain}STRESC", "lookup", field, listed))
    else:
        rows.append((f"{domain}STRESC", "assign_datetime" if result == "date" else "assign", field))
    if result in NUMBERS:
        number = ("lookup", field, listed) if listed else (NUMBERS[result], field)
        rows.append((f"{domain}STRESN", *number))
    if result == "code" and not listed and f"{domain}STRESN" in known.variables:
        rows.append((f"{domain}STRESN", "code_number", field))
    return rows + _unit(test, domain, known)


def _unit(test: dict[str, str], domain: str, known: Known) -> list[tuple[str, ...]]:
    """The collected unit: that of the field the table names, else the unit itself (units.csv says the standard)."""
    unit, target = test["unit"], f"{domain}ORRESU"
    if not unit:
        return []
    if unit in known.fields.get(test["form"], ()):
        codelist = known.variables[target].codelist if target in known.variables else ""
        return [(target, "assign_ct" if codelist else "assign", unit)]
    return [(target, "hardcode", unit)]


def _check_once(row: MappingRow, seen: dict[tuple[str, str, str], str]) -> None:
    """A test of a form, and a target of it, is said once. Raises TrialError naming both places."""
    before = seen.get((row.form, row.block, row.target))
    if before:
        what = f"{row.target or 'The choice of records'} of {row.form} {row.block} stands in {before} too."
        raise TrialError(what, row.place, "keep one of them")
