"""The tables of tests/checks: for each check of an extract a few records, and what must be asked about them.

    AE-CODE
      AE*2  AEPT=Rash; AEPTCD=1
      AE    AEPT=Rash; AEPTCD=2    -> AEPTCD

A block begins with the check's id at the margin; each line below is a record: its form (`AE*2`: twice), its values
(coded fields by their code) and, after `->`, the fields that are asked about. `-> VS@D30 1010001` alone on a line is a
record that is asked for because it is not there. A line that begins with `;` goes on with the record above.
`SUBJECT=1020001..1020005` makes a record of each, `AETERM=201 times a` a long text. A block whose name is in small
letters is no check: `+ name` takes its records over. Lines that begin with `#` are remarks.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parents[1] / "checks"
OWN_KEYS = ("ACCESSION", "SAMPLE_ID")
RANGE = re.compile(r"(?P<before>.*?)(?P<first>\d+)\.\.(?P=before)(?P<last>\d+)")
TIMES = re.compile(r"(?P<times>\d+) times (?P<what>.)")


class Case(NamedTuple):
    """The records of one check, written as `check_case` takes them, and the places of the queries."""

    given: str
    expected: list[str]


@cache
def cases(name: str) -> dict[str, Case]:
    """The blocks of a table by name. Raises ValueError with file and line for what cannot be read."""
    blocks: dict[str, list[tuple[str, list[str]]]] = {}
    for number, line in enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if line == line.lstrip():
            assert text not in blocks, f"{name}, line {number}: {text} stands twice"
            blocks[text] = []
            current = blocks[text]
        elif text.startswith("+ "):
            current += blocks[text.removeprefix("+ ")]
        elif text.startswith(";"):
            told, asked = _parts(text)
            record, before = current.pop()
            current.append((record + told, [*before, *asked]))
        else:
            current.append(_parts(text))
    return {block: _case(records) for block, records in blocks.items()}


def checks() -> dict[str, Case]:
    """All checks of all tables."""
    whole = [(check, case) for path in sorted(HERE.glob("*.txt")) for check, case in cases(path.name).items()]
    found = {check: case for check, case in whole if check.isupper()}
    assert len(found) == sum(check.isupper() for check, _ in whole), "a check stands in two tables"
    return found


def _parts(text: str) -> tuple[str, list[str]]:
    told, _, asked = text.partition("->")
    return re.sub(r"\s+", " ", told.strip()), [field.strip() for field in asked.split(",") if field.strip()]


def _case(records: list[tuple[str, list[str]]]) -> Case:
    given, expected, number = [], [], 0
    for record, asked in records:
        if not record:
            expected += asked
            continue
        written = _each(record)
        assert len(written) == 1 or not asked, f"{record}: write the record that is asked about on a line of its own"
        given += written
        number += sum(int((re.match(r"\w+\*(\d+)", one) or ["", "1"])[1]) for one in written)
        expected += [f"{_key(record, number)} {field}" for field in asked]
    return Case(" | ".join(given), sorted(expected))


def _each(record: str) -> list[str]:
    """A record with `a..b` among its values as one record of each; all its ranges run together."""
    form, _, values = record.partition(" ")
    cells = [tuple(cell.strip().split("=", 1)) for cell in values.split(";") if cell.strip()]
    columns = [[f"{field}={value}" for value in _values(text)] for field, text in cells]
    most = max((len(column) for column in columns), default=1)
    assert {len(column) for column in columns} <= {1, most}, f"{record}: its ranges are not of one length"
    rows = [[column[n % len(column)] for column in columns] for n in range(most)]
    return [f"{form} {'; '.join(row)}" for row in rows]


def _values(text: str) -> list[str]:
    span, times = RANGE.fullmatch(text), TIMES.fullmatch(text)
    if times:
        return [times["what"] * int(times["times"])]
    if not span:
        return [text]
    return [f"{span['before']}{n:0{len(span['first'])}d}" for n in range(int(span["first"]), int(span["last"]) + 1)]


def _key(record: str, number: int) -> str:
    """The record's id: a vendor's own key where it has one, else its number."""
    own = re.search(rf"\b({'|'.join(OWN_KEYS)})=([^;]*)", record)
    return own[2].strip() if own else str(number)
