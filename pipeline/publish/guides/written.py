"""What people write for the guides: `specs/<study>/guides/<name>.md`, plain paragraphs and lists.

A paragraph is lines without an empty one between them; a line that begins with `- ` is of a list. Nothing is markup
beyond that. What is missing is asked for, and never made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.publish.guides.model import Block, Items, ToWrite

FOLDER, ENDING, BULLET = "guides", ".md", "- "
TEXTS = {
    "protocol_design": "the design of the study as the protocol tells it: objectives, treatment, visits, follow-up.",
    "csdrg_overview": "whether the SDTM was made while the study ran or converted later, from which systems the data "
                      "come, what was collected and is not submitted, and whether more data will follow.",
    "adrg_source_data": "from which version of the SDTM and by whom the analysis datasets were made, and any data "
                        "that are not in the SDTM.",
    "adrg_overview": "which analyses are not by the analysis plan, whether the data are interim or final, and what "
                     "the reader must know before the datasets.",
}  # fmt: skip


@dataclass(frozen=True)
class WrittenTexts:
    """The texts of a study by name, and the folder they stand in as it is told."""

    folder: str
    texts: dict[str, str]

    def blocks(self, name: str) -> tuple[Block, ...]:
        """What stands in a text, or that it is asked for."""
        text = self.texts.get(name, "").strip()
        return tuple(blocks_of(text)) if text else (ToWrite(f"{self.folder}/{name}{ENDING}", TEXTS[name]),)

    @property
    def missing(self) -> tuple[str, ...]:
        """The files that are asked for."""
        return tuple(f"{self.folder}/{name}{ENDING}" for name in TEXTS if not self.texts.get(name, "").strip())


def written_texts(folder: Path, root: Path) -> WrittenTexts:
    """The texts in a study's folder."""
    there = {name: folder / FOLDER / f"{name}{ENDING}" for name in TEXTS}
    found = {name: path.read_text(encoding="utf-8") for name, path in there.items() if path.is_file()}
    return WrittenTexts(str((folder / FOLDER).relative_to(root)), found)


def blocks_of(text: str) -> Iterator[Block]:
    """The paragraphs and lists of a text."""
    for part in text.split("\n\n"):
        lines = [line.rstrip() for line in part.splitlines() if line.strip()]
        listed = [line.removeprefix(BULLET) for line in lines if line.startswith(BULLET)]
        if lines and len(listed) == len(lines):
            yield Items(tuple(listed))
        elif lines:
            yield " ".join(line.strip() for line in lines)
