"""A channel in words: what its files look like, what its rows become, and what the later rooms know of it."""

from __future__ import annotations

from collections.abc import Iterator

from recon.channels import columns
from recon.channels.facts import Due
from recon.channels.spec import Spec

_RESTS_ON = {
    "OFF": "official documentation", "SAMPLE": "a real file", "CODE": "public code that reads it",
    "2ND": "a description by somebody else", "MEM": "general knowledge", "OURS": "names that we chose",
}  # fmt: skip


def described(spec: Spec) -> Iterator[str]:
    """Yield the lines of `recon channels show`."""
    yield f"{spec.channel}  {spec.title.zh}  {spec.title.en}"
    yield f"  side {spec.side}, family {spec.family}{f', book {spec.book}' if spec.book else ''}"
    yield f"  the layout rests on {_RESTS_ON.get(spec.confidence or '', 'nobody has said what')}"
    if spec.recognise.header:
        yield "  known by the columns " + ", ".join("/".join(names) for names in spec.recognise.header)
    if spec.recognise.absent:
        yield "  and by the lack of " + ", ".join(spec.recognise.absent)
    if spec.control_only is not None:
        yield f"  holds totals only: {spec.control_only}"
        return
    if spec.resolve is not None:
        yield "  finds its columns by what they are called: " + ", ".join(sorted(spec.roles))
    else:
        yield "  reads " + ", ".join(sorted(columns.used(spec)))
    for name, links in spec.refs.chains.items():
        if links:
            yield f"  {name}: " + ", then ".join(link.column for link in links)
    kinds = {make.kind for rule in spec.rows for make in rule.made}
    yield "  makes " + ", ".join(sorted(kinds))
    yield from _skipped(spec)
    yield from _facts(spec)


def _skipped(spec: Spec) -> Iterator[str]:
    reasons = dict.fromkeys(rule.skip for rule in spec.rows if rule.skip is not None)
    if reasons:
        yield "  skips: " + "; ".join(reasons)


def _facts(spec: Spec) -> Iterator[str]:
    facts = spec.facts_
    if facts.comparison:
        yield f"  compared {facts.comparison}, settles via {', '.join(facts.settles_via) or 'nothing'}"
    for name, dues in (("paid", facts.payment), ("refunded", facts.refund), ("at the bank", facts.arrival)):
        for due in dues:
            yield f"  {name} {_window(due)}"
    if facts.payout:
        yield f"  pays out: {facts.payout}"
    if facts.payers:
        yield "  at the bank known as " + ", ".join(facts.payers)
    for charge in facts.charges if spec.side == "order" else ():
        yield f"  says of a settled order what is charged: {charge.detail} ({charge.kind}), in {charge.latest} days"
    for charge in facts.charges if spec.side != "order" else ():
        yield f"  charges {charge.detail} ({charge.kind}) on {charge.base}; on a refund {charge.on_refund}"


def _window(due: Due) -> str:
    first, last = due.days
    country = f" of {due.country}" if due.unit == "working" else ""
    dated = "".join(f" {word} {day}" for word, day in (("from", due.since), ("to", due.until)) if day is not None)
    only = f" (of a {due.detail})" if due.detail else ""
    return f"{first} to {last} {due.unit} days{country} after {due.trigger}{only}{dated}"
