"""Extracts of study iomab_act with as many records of the central laboratory as one likes, written a subject at a time.

Everybody is screened, enrolled and treated, and has so many results; of all other forms there is the header alone.
"""

import hashlib
import io
import json
import random
from collections import Counter
from pathlib import Path

from synthetic import read_table, write_copies

FORM, OF_A_SUBJECT = "LABC.csv", 286  # 1e8 records are those of 350,000 subjects
OF_SUBJECTS = ("DM.csv", "IC.csv", "ENR.csv", "LEUK.csv", "IOMAB.csv", "CART.csv")
SHIFTS = range(-540, -60, 40)  # days
FIRST_SITE, NUMBERS = 101, 9999  # the running numbers that a site has
NOBODY = "0000000"  # whose results are written for every subject, under its own number


def synthesize_laboratory(source_folder, target_folder, records: int, seed: int) -> int:
    """Write an extract of so many laboratory records, and its manifest; the number of subjects. The seed decides all.

    A subject has 286 records, the last one what is left: those of a subject of the source, and the same each day from
    the next one on, of other samples, until there are as many.
    """
    source, target, rng = Path(source_folder), Path(target_folder), random.Random(seed)
    target.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    results = _results(source)
    whole = [{row["SUBJECT"] for row in read_table(source / name)[1]} for name in OF_SUBJECTS]
    known = sorted(set.intersection(*whole) & set(results))
    origin = {number: (rng.choice(known), rng.choice(SHIFTS)) for number in _numbers(records)}
    serials = Counter()
    for entry in manifest["files"]:
        name = entry["file"]
        if name == FORM:
            _write_results(source, target, origin, records)
        else:
            write_copies(source / name, target / name, origin if name in OF_SUBJECTS else {}, serials)
        entry |= _promised(target / name)
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    return len(origin)


def _numbers(records: int) -> list[str]:
    """The subjects by their numbers, as many of a site as it has numbers."""
    count = -(-records // OF_A_SUBJECT)
    return [f"{FIRST_SITE + one // NUMBERS:03d}{one % NUMBERS + 1:04d}" for one in range(count)]


def _results(source: Path) -> set[str]:
    """The subjects that have results."""
    lines = (source / FORM).read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("SITE_SUBJ")
    return {line.split(",")[at].replace("-", "") for line in lines[1:]}


def _write_results(source: Path, target: Path, origin: dict, records: int) -> None:
    """The form of the laboratory: what a subject of the source has at a shift is put together once."""
    header, told = _copied(source, target, sorted(set(origin.values())))
    with (target / FORM).open("w", encoding="utf-8", newline="") as out:
        out.write(header)
        for number, of in origin.items():
            lines = told[of][: min(records, OF_A_SUBJECT)]
            records -= len(lines)
            out.write("".join(lines).replace(NOBODY, number).replace(_id(NOBODY), _id(number)))


def _copied(source: Path, target: Path, asked: list) -> tuple[str, dict]:
    """The header, and as many lines as a subject has by subject of the source and shift, each copy a day later."""
    told, again = {of: list[str]() for of in asked}, 0
    while short := [of for of in asked if len(told[of]) < OF_A_SUBJECT]:
        numbers = {f"{one:07d}": of for one, of in enumerate(short)}
        later = {one: (name, shift + again) for one, (name, shift) in numbers.items()}
        write_copies(source / FORM, target / FORM, later, Counter())
        header, *rows = (target / FORM).read_text(encoding="utf-8").splitlines(keepends=True)
        for row in rows:
            study, identity, visit, sample, rest = row.split(",", 4)
            own = ",".join([study, _id(NOBODY), visit, f"A{NOBODY}{again}{sample[-5:]}", rest])
            told[numbers[identity.replace("-", "")]].append(own)
        again += 1
    return header, {of: lines[:OF_A_SUBJECT] for of, lines in told.items()}


def _id(number: str) -> str:
    """A subject as the laboratory writes it."""
    return f"{number[:3]}-{number[3:]}"


def _promised(path: Path) -> dict:
    """What the manifest says of a file: records and SHA-256; no cell of these forms has a line break."""
    digest, lines = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(io.DEFAULT_BUFFER_SIZE * 64):
            digest.update(piece)
            lines += piece.count(b"\n")
    return {"rows": lines - 1, "sha256": digest.hexdigest()}
