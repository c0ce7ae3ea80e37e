"""What a study says of an endpoint or response of the standard: only what differs, laid over the standard's words."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.words import did_you_mean
from pipeline.study.shapes import Slip
from pipeline.study.yaml_text import Content

WITHOUT = "without"
# Words that stand for one another: who says one of a group does not keep the other one of the standard.
INSTEAD = (({"yes"}, {"best"}), ({"window"}, {"from", "to"}))
SAME_RULE = {"label", "usual", "population", "among", "unit", WITHOUT}
SENTENCES = {"derivation", "footnote"}


def laid_over(standard: Content, own: Content, kind: str) -> Content:
    """The words of the parameter of this study.

    A sentence that the standard says of its rule is not kept where the study's rule is another.
    """
    gone = set(own.get(WITHOUT, ()))
    for one, other in INSTEAD:
        gone |= (other if one & set(own) else set()) | (one if other & set(own) else set())
    differs = {word for word, said in own.items() if word not in {kind, *SAME_RULE} and standard.get(word) != said}
    gone |= SENTENCES if differs - SENTENCES or gone else set()
    kept = {word: said for word, said in standard.items() if word not in gone}
    return kept | {word: said for word, said in own.items() if word != WITHOUT}


def collisions(standard: Content, own: Content, kind: str, required: set[str]) -> Iterator[Slip]:
    """What cannot be laid over: a word taken away that the standard does not say, or that must be there."""
    for number, word in enumerate(own.get(WITHOUT, ())):
        where = (WITHOUT, number)
        if word in required:
            yield Slip(where, f"`{word}:` must be there", "say it otherwise")
        elif word not in standard:
            others = [name for name in standard if name not in required]
            yield Slip(where, f"{standard[kind]} of the standard says no `{word}:`", did_you_mean(word, others))
        elif word in own:
            yield Slip(where, f"`{word}:` is said here too", "keep one of them")


def repeated(standard: Content, own: Content, kind: str) -> Iterator[Slip]:
    """What a study says just as the standard does: it is said once."""
    for word, said in own.items():
        if word != kind and standard.get(word) == said:
            yield Slip((word,), f"the standard says `{word}:` of {own[kind]} just so",
                       "take it away: a study says only what differs")  # fmt: skip
