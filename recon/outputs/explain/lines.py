"""Lines of text for a terminal or a pipe: blocks with a head, facts with their name, aligned money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from recon.money import format_amount
from recon.outputs.explain.waterfall import CHARGE, EXPECTED, GAP, NET, PART, RECEIVED, TERM, Step, Waterfall
from recon.outputs.labels import Language

_MARKS = {TERM: " ", GAP: " ", RECEIVED: "=", PART: " ", CHARGE: " ", NET: "="}
_LEAST = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One line; head: it opens a block."""

    text: str
    head: bool = False


def facts(named: Sequence[tuple[str, str]]) -> list[Line]:
    """Return facts with their names in one column; facts without text are left out."""
    told = [(name, text) for name, text in named if text]
    wide = max((cell_len(name) for name, _ in told), default=0)
    return [Line(f"  {padded(name, wide)}  {text}") for name, text in told]


def falling(fall: Waterfall, say: Language, gap: str, got: str) -> list[Line]:
    """Return a waterfall: name, amount, running total.

    Args:
        fall: the steps.
        say: the language.
        gap: the name of what is left: a residual or a difference.
        got: the name of what the other side has: received or actual.
    """
    names = [_name(step, say, gap, got) for step in fall.steps]
    amounts = [grouped(step.amount, fall.currency) for step in fall.steps]
    totals = ["" if step.what == PART else grouped(step.running, fall.currency) for step in fall.steps]
    wide, money = max(map(cell_len, names)), max(_LEAST, *map(len, amounts), *map(len, totals))
    return [
        Line(f"    {_MARKS[step.what]} {padded(name, wide)}  {amount:>{money}}  {total:>{money}}".rstrip())
        for step, name, amount, total in zip(fall.steps, names, amounts, totals, strict=True)
    ]


def grouped(minor: int, currency: str) -> str:
    """Return an amount in major units with commas between thousands."""
    text = format_amount(abs(minor), currency)
    whole, point, part = text.partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}{point}{part}"


def padded(text: str, wide: int) -> str:
    """Return a text filled to a width in cells; a Chinese sign takes two."""
    return text + " " * (wide - cell_len(text))


def _name(step: Step, say: Language, gap: str, got: str) -> str:
    if step.what in (TERM, CHARGE, PART) and step.side:
        count = say.say(f" {step.count} 笔", f" ({step.count})") if step.count > 1 else ""
        name = f"{say.word(step.side)} {kind_word(step.kind, say)}{count}"
        return f"  {name}" if step.what == PART else name
    words = {
        EXPECTED: say.say("应有", "expected"),
        GAP: gap,
        RECEIVED: got,
        NET: say.say("净额", "net"),
    }
    return words[EXPECTED if step.kind == EXPECTED else step.what]


def days_word(count: int | str, say: Language) -> str:
    """Return a number of days in words."""
    return say.say(f"{count} 天", f"{count} day" if str(count) in {"1", "-1"} else f"{count} days")


def kind_word(kind: str, say: Language) -> str:
    """Return what a person reads for a kind of movement."""
    return say.words(kinds=True).get(kind, kind)
