"""A small delivery written to disk, for tests of reading and of bad input."""

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = sorted((ROOT / "data" / "iomab_act").glob("2*"))[-1]

CONTRACT = {
    "form": "VS", "file": "VS.csv", "need": "essential", "subject": {"column": "SUBJECT"}, "record": ["RECORDID"],
    "inactive": {"column": "ACTIVE", "value": "0"}, "system": "false",
    "fields": {
        "SUBJECT": {"type": "text", "essential": "true"}, "RECORDID": {"type": "text"}, "ACTIVE": {"type": "text"},
        "VSDAT": {"label": "Date", "type": "date", "required": "true", "essential": "true"},
        "TEMP": {"label": "Temperature", "type": "decimal", "unit": "C", "range": ["34", "43"]},
        "POS": {"label": "Position", "type": "coded", "codelist": "POS"},
    },
}
HEADER = ["SUBJECT", "RECORDID", "ACTIVE", "VSDAT", "TEMP", "POS", "POS_STD"]
ROW = ["1010001", "1", "1", "12 MAR 2025", "36.6", "Sitting", "SIT"]


def csv_bytes(rows: list[list[str]]) -> bytes:
    """Rows as the EDC writes them: UTF-8, comma, line feed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def deliver(folder: Path, files: dict[str, bytes], /, **manifest: object) -> Path:
    """Write files and a manifest that is true of them (unless told otherwise)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    content = {"data_cutoff": "2026-06-30", "crf_version": "2.0", "files": [promise(n, c) for n, c in files.items()]}
    (folder / "manifest.json").write_text(json.dumps(content | manifest))
    return folder


def promise(name: str, content: bytes) -> dict[str, object]:
    """A manifest line."""
    rows = len(list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))) - 1
    return {"file": name, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}


def example_copy(folder: Path) -> Path:
    """A copy of the newest example extract, to be damaged by a test."""
    return Path(shutil.copytree(EXAMPLE, folder / EXAMPLE.name))


def remanifest(folder: Path) -> None:
    """Make the manifest true again after a file was changed on purpose."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    names = [f["file"] for f in manifest["files"]]
    manifest["files"] = [promise(n, (folder / n).read_bytes()) for n in names if (folder / n).exists()]
    path.write_text(json.dumps(manifest))
