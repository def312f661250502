"""The page of every break code, and what causes mean, in two languages: read from `code_pages/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "code_pages"
#: The parts of a page, in the order in which they are read.
PARTS = ("is", "owns", "counts", "apart", "severity", "next", "voucher")


@dataclass(frozen=True, slots=True)
class Page:
    """What a person should know of a code.

    parts: text by `PARTS`. causes: (tag, words) that it may name. event: what a finding of it drafts itself, by number
    and plain name; empty where it drafts nothing.
    """

    code: str
    title: str
    parts: dict[str, str]
    causes: tuple[tuple[str, str], ...]
    event: str

    @property
    def draft(self) -> str:
        """The event that it drafts, or why none."""
        return self.event or self.parts["voucher"]


@cache
def pages(lang: str) -> dict[str, Page]:
    """Return code -> its page.

    Args:
        lang: zh or en.
    """
    told: dict[str, dict[str, str]] = _told(lang)
    events: dict[str, dict[str, str]] = _told("vouchers")
    tags = _causes()
    return {
        code: Page(
            code,
            part["title"],
            {name: part[name] for name in PARTS},
            tuple((tag, str(cause[lang])) for tag, cause in tags.items() if code in cause["codes"]),
            events[code][lang] if code in events else "",
        )
        for code, part in told.items()
    }


def cause_words(lang: str) -> dict[str, str]:
    """Return the tag of a cause -> what the data shows, in words."""
    return {tag: str(cause[lang]) for tag, cause in _causes().items()}


@cache
def _causes() -> dict[str, dict[str, str | list[str]]]:
    loaded: dict[str, dict[str, str | list[str]]] = _told("causes")
    return loaded


def _told(name: str) -> Any:
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
