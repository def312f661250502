"""Words of cells: states, types, directions, and the words that a total line begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_TOTAL = re.compile(r"^(合计|总计|小计|共计|本页合计|total|totals|sum|subtotal|grandtotal)([:：].*)?$")


def bare(word: str) -> str:
    """Return a word as it is compared: lower case, without blanks, `_` and `-`."""
    return "".join(word.lower().replace("_", "").replace("-", "").split())


def meaning(word: str | None, words: Mapping[str, Sequence[str]], prefix: str) -> str | None:
    """Return the name of the list `prefix<name>` among a channel's words that holds a word, None if none does."""
    if not word:
        return None
    plain = bare(word)
    for name, listed in words.items():
        if name.startswith(prefix) and plain in {bare(one) for one in listed}:
            return name.removeprefix(prefix)
    return None


def longest(word: str, words: Mapping[str, Sequence[str]], prefix: str) -> str | None:
    """Return the list `prefix<name>` whose word stands in a text: the longest word, of equal ones the last in the text.

    Latin words count only as whole words (a plural s apart), Chinese ones anywhere.
    """
    text = re.sub(r"[\s_\-./:]+", " ", word.lower()).strip()
    best: tuple[int, int, str] | None = None
    for name, listed in words.items():
        if not name.startswith(prefix):
            continue
        for one in listed:
            pattern = re.escape(one) if not one.isascii() else rf"\b{re.escape(one)}s?\b"
            for found in re.finditer(pattern, text):
                rank = (len(one), found.start(), name.removeprefix(prefix))
                best = max(best, rank) if best is not None else rank
    return best[2] if best is not None else None


def is_total(text: str | None) -> bool:
    """True for the word that a total line begins with, alone or before a colon."""
    return _TOTAL.match(re.sub(r"\s", "", text or "").lower()) is not None
