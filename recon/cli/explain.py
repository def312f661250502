"""`recon explain`: why something is as it is, or what a break code means."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from recon.breaks.codes import CATALOGUE
from recon.breaks.pages import PARTS, cause_words, pages
from recon.cli.options import debug_option
from recon.cli.results import open_result
from recon.errors import EXIT_DONE, UsageFault
from recon.outputs.explain.lines import Line, facts
from recon.outputs.explain.search import find
from recon.outputs.explain.story import Glossary, story

_PART_NAMES = {
    "zh": ("定义", "占有", "应有 / 实有", "与相近代码", "严重度", "下一步", "常用凭证"),
    "en": ("means", "owns", "expected / actual", "told apart", "severity", "next step", "usual voucher"),
}


@click.command(no_args_is_help=True)
@click.argument("words", nargs=-1, required=True, metavar="[OUT_DIR] ID|CODE")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language [default: that of the run; of a page zh]")
@debug_option
def explain(words: tuple[str, ...], *, lang: str | None) -> int:
    r"""Explain a match, a break, a row or a voucher of a result, or show the page of a break code.

    OUT_DIR is the folder that a run left, or the one that was reconciled. ID is a match_id, break_id, entry_id or
    voucher_id, the beginning of one (6 signs or more), or a printed number: of an order, payment, refund or batch.

    \b
      recon explain OUT_DIR ID     the waterfall with its rows, rule, basis, lag, nearest miss, vouchers
      recon explain CODE           definition, neighbours, causes, next step, usual voucher
    """
    if len(words) == 1:
        _print(_page(words[0], lang or "zh"))
        return EXIT_DONE
    if len(words) > 2:
        raise UsageFault("recon explain takes OUT_DIR and ID, or a CODE.")
    result = open_result(Path(words[0]))
    chosen = lang or str(result.summary["lang"])
    _print(story(result, find(result, words[1].strip()), _glossary(chosen), chosen))
    return EXIT_DONE


def _page(code: str, lang: str) -> list[Line]:
    known = pages(lang)
    if code not in known:
        near = get_close_matches(code, sorted(known), n=1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}."
        folder = " To explain something of a result, give an ID behind the folder." if Path(code).is_dir() else ""
        raise UsageFault(f"{code!r} is no break code. {remedy}{folder}")
    page = known[code]
    later = {"zh": "（本版本尚不报告）", "en": " (not reported by this version yet)"}[lang]
    lines = [Line(f"{code}  {page.title}{'' if code in CATALOGUE else later}", head=True)]
    lines += facts(
        [
            *((name, page.parts[part]) for name, part in zip(_PART_NAMES[lang], PARTS, strict=True)),
            ({"zh": "凭证事项", "en": "event"}[lang], page.event),
        ]
    )
    if page.causes:
        lines += [Line({"zh": "  原因", "en": "  causes"}[lang])]
        lines += [Line(f"  {line.text}") for line in facts(page.causes)]
    return lines


def _glossary(lang: str) -> Glossary:
    known = pages(lang)
    return Glossary(
        titles={code: page.title for code, page in known.items()},
        definitions={code: page.parts["is"] for code, page in known.items()},
        counts={code: page.parts["counts"] for code, page in known.items()},
        next_steps={code: page.parts["next"] for code, page in known.items()},
        drafts={code: page.draft for code, page in known.items()},
        causes=cause_words(lang),
    )


def _print(lines: Sequence[Line]) -> None:
    """Lines are never wrapped: a pipe wants them whole, and a terminal wraps by itself."""
    console = Console(file=sys.stdout, highlight=False)
    for line in lines:
        console.print(Text(line.text, style="bold" if line.head else ""), soft_wrap=True)
