"""Fields of linked forms, as sources and conditions of mapping sheets name them: `FORM.FIELD`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

DOTTED = re.compile(r"(?<![\w.\"])[A-Za-z_]\w*\.[A-Za-z_]\w*(?![\w.])")


def named_elsewhere(texts: Iterable[str], known: Mapping[str, Collection[str]]) -> dict[str, None]:
    """The words `FORM.FIELD` of known forms that sources and conditions name, in order."""
    words = (word for text in texts for word in DOTTED.findall(text))
    split = [(word, *word.split(".")) for word in words]
    return dict.fromkeys(word for word, other, name in split if name in known.get(other, ()))
