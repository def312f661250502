"""A layout that nobody has described yet: which column is the time, an amount, a direction, a number; as a spec.

Told by what a column is called (the words of the generic channels) and by what its cells hold. A person looks at it,
answers what is not sure, and owns the file that comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import yaml

from recon.channels import moments, tables
from recon.channels.generic.header import Layout
from recon.channels.generic.recognition import TRAIT, layout_of, readings
from recon.channels.generic.words import meaning
from recon.channels.lines import Line
from recon.channels.spec import Spec
from recon.errors import Fault, InputFault

Side = Literal["order", "gateway", "bank"]
DayForm = Literal["day_first", "month_first"]
Holds = Literal["time", "amount", "number", "word", "text", "empty"]

_AMOUNT = re.compile(r"[-+(]?\s*[¥￥$€£]?\s*-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,8})?\s*元?\)?")
_DAY = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3})[-/. ]\d{2,4}")
_NUMBER = re.compile(r"[A-Za-z]{0,6}[-_]?\d[\dA-Za-z_-]{5,63}")
_OF_THE_SHOP = re.compile(r"订单|外部|商户|商家|(?i:order|merchant|shop)")
#: So many different texts at most are the words of a column.
_WORDS = 8
#: A table has so many columns at least.
_COLUMNS = 3


class Ask(NamedTuple):
    """A question about one column: the role, what it is for, and whether a spec needs it."""

    role: str
    en: str
    needed: bool = False


#: What is asked for, by side; the first need of amounts is met by `amount`, or by `in` and `out`.
ASKED: dict[Side, tuple[Ask, ...]] = {
    "order": (
        Ask("order", "the number of the order", needed=True),
        Ask("time", "when it was paid (else ordered)", needed=True),
        Ask("amount", "what the buyer has to pay", needed=True),
        Ask("refund", "what was refunded of it"),
        Ask("shop", "the shop"),
        Ask("payment", "the number of its payment at the gateway"),
    ),
    "gateway": (
        Ask("time", "when the money moved", needed=True),
        Ask("amount", "the amount", needed=True),
        Ask("direction", "the word that says in or out, beside an amount without sign"),
        Ask("type", "the word that says payment, refund, payout ..."),
        Ask("fee", "the fee of the row"),
        Ask("order", "the shop's number of the order"),
        Ask("payment", "the gateway's number of the movement"),
        Ask("balance", "the balance after the row"),
    ),
    "bank": (
        Ask("time", "the day or moment of the line", needed=True),
        Ask("amount", "the amount", needed=True),
        Ask("direction", "the word that says in or out, beside an amount without sign"),
        Ask("counterparty", "the name of the other party"),
        Ask("memo", "the text of the line"),
        Ask("payment", "the bank's serial"),
        Ask("balance", "the balance after the line"),
    ),
}
#: The role here -> roles of the generic channels that mean the same, in order of preference.
_SAME: dict[Side, dict[str, tuple[str, ...]]] = {
    "order": {"time": ("paid_time", "ordered"), "amount": ("paid", "order_amount")},
    "gateway": {"time": ("time", "day", "settled"), "amount": ("amount", "net")},
    "bank": {"time": ("time", "date", "booking"), "payment": ("serial",), "memo": ("memo", "purpose")},
}
_FITS: dict[str, tuple[Holds, ...]] = {
    "time": ("time",), "amount": ("amount",), "in": ("amount",), "out": ("amount",), "fee": ("amount",),
    "refund": ("amount",), "balance": ("amount",), "order": ("number", "word", "text"), "payment": ("number", "text"),
    "direction": ("word",), "type": ("word", "text"), "shop": ("word", "text"), "counterparty": ("word", "text"),
    "memo": ("word", "text"),
}  # fmt: skip
_GENERIC: dict[Side, str] = {"order": "generic.orders", "gateway": "generic.gateway", "bank": "generic.bank"}
_KINDS = ("payment", "refund", "fee", "payout", "chargeback", "transfer")


@dataclass(frozen=True)
class Column:
    """A header cell and what the first cells below it hold.

    words: its few texts. signed: some amounts have a minus. day: how its days are written that do not begin with the
    year.
    """

    name: str
    holds: Holds
    words: tuple[str, ...] = ()
    signed: bool = False
    day: DayForm | None = None


@dataclass(frozen=True)
class Proposal:
    """A table, and what its columns are taken for: role -> column. `title` and `channel` are asked for."""

    header: Line
    columns: tuple[Column, ...]
    side: Side
    roles: Mapping[str, str]
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def column(self, role: str) -> Column | None:
        """Return the column of a role."""
        return next((one for one in self.columns if one.name == self.roles.get(role)), None)

    def with_role(self, role: str, name: str | None) -> Proposal:
        """Return it with another column in a role, or with none."""
        roles = {key: value for key, value in self.roles.items() if key != role}
        return replace(self, roles=roles | ({role: name} if name is not None else {}))

    def candidates(self, role: str) -> list[str]:
        """Return the columns whose cells can be what the role needs, in file order."""
        return [one.name for one in self.columns if one.holds in _FITS[role]]

    @property
    def missing(self) -> list[str]:
        """Roles without which there is no spec."""
        both = "in" in self.roles and "out" in self.roles
        needed = [ask.role for ask in ASKED[self.side] if ask.needed and ask.role not in self.roles]
        return [role for role in needed if not (role == "amount" and both)]


def propose(source: tables.Source, specs: Mapping[str, Spec], side: Side | None = None) -> Proposal:
    """Say what the columns of a table may be.

    Args:
        source: the table; its first lines are looked at.
        specs: the channels; the words of the generic ones are used.
        side: order, gateway or bank, where the user says it.

    Raises:
        InputFault: when no line of it looks like a header with rows below it.
    """
    header = _header(source.head)
    if header is None:
        problem, remedy = "no line of it is a header with rows below", "Export it again, as csv or xlsx."
        raise InputFault(Fault(source.file, 0, "", "", problem, remedy))
    below = [line.cells for line in source.head if line.row > header.row]
    columns = tuple(_column(name, [row[n] if n < len(row) else "" for row in below])
                    for n, name in enumerate(_names(header)) if name)  # fmt: skip
    chosen = side or _side(source.head, specs)
    generic = specs[_GENERIC[chosen]]
    found = Proposal(header, columns, chosen, {}, generic.words)
    return _with_roles(found, layout_of(generic, Line(header.row, _names(header))))


def _names(header: Line) -> tuple[str, ...]:
    return tuple(cell.strip().strip("\ufeff`'\"\t") for cell in header.cells)


def _header(head: Sequence[Line]) -> Line | None:
    """The widest line of distinct names, none of them an amount or a time, with a line at least half as wide below."""
    best, width = None, _COLUMNS - 1
    for place, line in enumerate(head[:-1]):
        names = [name for name in _names(line) if name]
        below = sum(bool(cell.strip()) for cell in head[place + 1].cells)
        plain = len(set(names)) == len(names) and not any(_holds([name]) in ("amount", "time") for name in names)
        if plain and 2 * below >= len(names) > width:
            best, width = line, len(names)
    return best


def _column(name: str, cells: Sequence[str]) -> Column:
    texts = [text for cell in cells if (text := cell.strip().strip("`'\"\t").strip()) and text not in ("-", "--", "/")]
    day = _day_form(texts)
    holds = "time" if day is not None else _holds(texts)
    words = tuple(dict.fromkeys(texts)) if holds == "word" else ()
    signed = holds == "amount" and any(text.startswith(("-", "(")) for text in texts)
    return Column(name, holds, words, signed, day)


def _day_form(texts: Sequence[str]) -> DayForm | None:
    """How days are written, where the year does not come first; of 03/04/2026 alone the day is taken to come first."""
    if not texts or not all(_DAY.match(text) for text in texts):
        return None
    forms: tuple[DayForm, ...] = ("day_first", "month_first")
    column = pa.array(texts, type=pa.string())
    return next((one for one in forms if not moments.parse(moments.year_first(column, one), "UTC").wrong.any()), None)


def _holds(texts: Sequence[str]) -> Holds:
    if not texts:
        return "empty"
    times = moments.parse(pa.array(texts, type=pa.string()), "UTC")
    if not times.wrong.any() and any(not text.isdigit() or len(text) in (8, 14) for text in texts):
        return "time"
    if all(_AMOUNT.fullmatch(text) for text in texts) and not all(_long(text) for text in texts):
        return "amount"
    if all(_NUMBER.fullmatch(text) for text in texts) and len(set(texts)) * 2 > len(texts):
        return "number"
    return "word" if len(set(texts)) <= _WORDS and max(map(len, texts)) <= 24 else "text"


def _long(text: str) -> bool:
    """Digits alone, more of them than an amount has: a number."""
    return text.isdigit() and len(text) > 9


def _side(head: Sequence[Line], specs: Mapping[str, Spec]) -> Side:
    """The side of the generic channel that fits; else a gateway's, where a fee or a type of movement speaks for it; or
    that of what lacks least.
    """
    tried = [one for one in readings(head, specs) if one.spec.channel in _GENERIC.values()]
    best = next((one for one in tried if one.fits), None)
    moves = next((one for one in tried if one.spec.side == "gateway" and TRAIT not in one.missing), None)
    best = best or moves or min(tried, key=lambda one: (len(one.missing), -len(one.present)))
    return best.spec.side


def _with_roles(found: Proposal, layout: Layout) -> Proposal:
    """Columns by their names, where their cells agree; else the only one whose cells do."""
    roles: dict[str, str] = {}
    by_name = {column.name: column for column in found.columns}
    for role in [*(ask.role for ask in ASKED[found.side]), "in", "out"]:
        for name in _SAME[found.side].get(role, (role,)):
            printed = layout.printed(name)
            if printed in by_name and by_name[printed].holds in _FITS[role] and printed not in roles.values():
                roles.setdefault(role, printed)
    if "in" in roles and "out" in roles:
        roles = {role: name for role, name in roles.items() if role not in ("amount", "direction")}
    proposed = replace(found, roles=roles)
    for role in proposed.missing:
        free = [name for name in proposed.candidates(role) if name not in proposed.roles.values()]
        if len(free) == 1:
            proposed = proposed.with_role(role, free[0])
    return _numbered(proposed)


def _numbered(found: Proposal) -> Proposal:
    """Columns of numbers without a role: the shop's by its name, then the first of the others."""
    roles = [ask.role for ask in ASKED[found.side] if ask.role in ("order", "payment") and ask.role not in found.roles]
    for role in roles:
        taken = set(found.roles.values())
        free = [one.name for one in found.columns if one.holds == "number" and one.name not in taken]
        fitting = [name for name in free if bool(_OF_THE_SHOP.search(name)) == (role == "order")]
        if fitting:
            found = found.with_role(role, fitting[0])
    return found


def spec_text(found: Proposal, channel: str, title: str) -> str:
    """Return the YAML of a proposal, with a comment for each choice that a person should look at.

    Args:
        found: the proposal; nothing that it needs is missing.
        channel: the channel's name.
        title: its name for people.
    """
    # Own order lists settle into the family `generic`: the money of a wallet described here is looked for there.
    family = "generic" if found.side == "gateway" else channel.partition(".")[0]
    data: dict[str, object] = {
        "channel": channel, "side": found.side, "family": family, "title": {"zh": title, "en": title},
        "recognise": {"header": list(dict.fromkeys(found.roles.values()))},
        "time": [found.roles["time"]],
    }  # fmt: skip
    moment = found.column("time")
    if moment is not None and moment.day is not None:
        data["day"] = moment.day
    if found.side == "order":
        data |= _order(found)
    else:
        data |= _money(found)
    head = "# Proposed from a file; look at each line, try it with `recon channels check`, and change what is not so.\n"
    return head + yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)


class _Plain(yaml.SafeDumper):
    """Short lists and mappings on one line, nothing by reference."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **(more | {"default_flow_style": None}))

    def ignore_aliases(self, data: object) -> bool:
        """Write each mapping out, however often it occurs."""
        del data
        return True


def _order(found: Proposal) -> dict[str, object]:
    roles = found.roles
    entries: list[dict[str, object]] = [{"kind": "sale", "amount": roles["amount"], "zero": True, "required": True}]
    if "refund" in roles:
        entries.append({"kind": "refund", "amount": {"column": roles["refund"], "sign": "negative"}})
    refs = {"order_ref": roles["order"]} | ({"payment_ref": roles["payment"]} if "payment" in roles else {})
    data: dict[str, object] = {"key": {"columns": [roles["order"]]}, "refs": refs}
    if "shop" in roles:
        data["shop"] = roles["shop"]
    return data | {
        "dates": {"paid_at": roles["time"]},
        "rows": [{"entries": entries}],
        "facts": {
            "comparison": "plain", "settles_via": ["wechatpay", "alipay", "generic"],
            "payment": [{"trigger": "paid_at", "days": [0, 1]}], "refund": [{"trigger": "occurred_at", "days": [0, 3]}],
        },
    }  # fmt: skip


def _money(found: Proposal) -> dict[str, object]:
    roles = found.roles
    numbers = [roles[role] for role in ("payment", "order") if role in roles]
    data: dict[str, object] = {
        "book": "cash" if found.side == "gateway" else None,
        "key": {"columns": [*numbers, roles["time"]][: 2 if numbers else 1], "unique": False},
        "amount": _amount(found),
        "refs": {f"{role}_ref": roles[role] for role in ("order", "payment") if role in roles},
        "balance": {"column": roles["balance"]} if "balance" in roles else None,
        "counterparty": roles.get("counterparty"),
        "memo": [roles["memo"]] if "memo" in roles else None,
    }
    if found.side == "bank":
        text = next((roles[role] for role in ("memo", "counterparty") if role in roles), None)
        data["bank_texts"] = {"columns": [text]} if text else None
        data["rows"] = None if text else _by_direction("receipt", "disbursement")
    else:
        data["rows"] = _movements(found)
        data["facts"] = {"payout": "manual", "arrival": [{"trigger": "occurred_at", "days": [0, 3], "unit": "working"}]}
    return {key: value for key, value in data.items() if value not in (None, {})}


def _amount(found: Proposal) -> object:
    roles = found.roles
    if "amount" not in roles:
        return {"in": roles["in"], "out": roles["out"]}
    direction = found.column("direction")
    if direction is None:
        return roles["amount"]
    ways = {word: meaning(word, found.words, "direction.") for word in direction.words}
    plus, minus = ([word for word, way in ways.items() if way == side] for side in ("in", "out"))
    return {"column": roles["amount"], "direction": direction.name, "plus": plus or ["?"], "minus": minus or ["?"]}


def _movements(found: Proposal) -> list[dict[str, object]]:
    """One rule per word of the type that means a kind; what it does not know, by direction."""
    fee = {"kind": "fee", "amount": {"column": found.roles["fee"], "sign": "cost"}} if "fee" in found.roles else None

    amount = found.column("amount")
    unsigned = amount is not None and not amount.signed and found.column("direction") is None

    def made(kind: str) -> dict[str, object]:
        signed = _amount(found)
        if unsigned and amount is not None and kind != "payment":
            signed = {"column": amount.name, "sign": "negative"}
        entries: list[dict[str, object]] = [{"kind": kind, "amount": signed, "required": True}]
        return {"entries": [*entries, fee] if fee else entries}

    column = found.column("type")
    rules: list[dict[str, object]] = []
    for word in column.words if column is not None else ():
        kind = meaning(word, found.words, "kind.")
        if column is not None and kind in _KINDS:
            rules.append({"when": {column.name: word}, **made(kind)})
    return [*rules, {"direction": "in", **made("payment")}, {"direction": "out", **made("payout")},
            {"direction": "none", "skip": "amount of 0"}]  # fmt: skip


def _by_direction(incoming: str, outgoing: str) -> list[dict[str, object]]:
    return [{"direction": "in", "kind": incoming}, {"direction": "out", "kind": outgoing},
            {"direction": "none", "skip": "amount of 0"}]  # fmt: skip
