"""The page of every break code, and what causes mean, in two languages: read from `code_pages/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "code_pages"
#: The parts of a page, in the order in which they are read.
PARTS = ("is", "owns", "counts", "apart", "severity", "next", "voucher")


@dataclass(frozen=True, slots=True)
class Page:
    """What a person should know of a code. parts: text by `PARTS`. causes: (tag, words) that it may name."""

    code: str
    title: str
    parts: dict[str, str]
    causes: tuple[tuple[str, str], ...]


@cache
def pages(lang: str) -> dict[str, Page]:
    """Return code -> its page.

    Args:
        lang: zh or en.
    """
    told: dict[str, dict[str, str]] = yaml.safe_load((_FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
    tags = _causes()
    return {
        code: Page(
            code,
            part["title"],
            {name: part[name] for name in PARTS},
            tuple((tag, str(cause[lang])) for tag, cause in tags.items() if code in cause["codes"]),
        )
        for code, part in told.items()
    }


def cause_words(lang: str) -> dict[str, str]:
    """Return the tag of a cause -> what the data shows, in words."""
    return {tag: str(cause[lang]) for tag, cause in _causes().items()}


@cache
def _causes() -> dict[str, dict[str, str | list[str]]]:
    loaded: dict[str, dict[str, str | list[str]]] = yaml.safe_load(
        (_FOLDER / "causes.yaml").read_text(encoding="utf-8")
    )
    return loaded
