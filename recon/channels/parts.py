"""The words of a channel spec: conditions, amounts, references, rules, keys, totals, windows.

Column names are those that the file prints, compared after folding (`lines.fold`). What a spec cannot mean is an
error when it is loaded, never when a file is read.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Kind = Literal[
    "sale", "refund", "payment", "fee", "commission", "subsidy", "shipping", "deposit", "payout", "receipt",
    "disbursement", "transfer", "chargeback", "adjustment", "tax", "interest",
]  # fmt: skip
State = Literal["unpaid", "paid", "shipped", "completed", "closed"]
Book = Literal["trade", "cash", "copy"]


def _several(value: object) -> object:
    return [value] if isinstance(value, (str, dict)) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Part(BaseModel):
    """Base of all parts: frozen, unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Title(Part):
    """The channel's name for people."""

    zh: str
    en: str


class Recognise(Part):
    """Header cells that must be there (a list inside the list: one of them), and that must not."""

    header: tuple[Texts, ...]
    absent: Texts = ()


class Cut(Part):
    """How lines are cut into cells.

    split: token between cells where it is not the delimiter. empty: texts that stand for an empty cell. decimal: the
    mark before the decimals; where it is a comma, blanks and points part the thousands (either: each cell by its last
    mark). unit: what amounts count (minor: fen, cents, as whole numbers). amounts: columns whose amount stands inside a
    text, each with a pattern of one group `sum`; a cell that it does not fit is empty.
    """

    split: str = ""
    decimal: Literal[".", ",", "either"] = "."
    empty: Texts = ()
    encodings: Texts = ()
    unit: Literal["major", "minor"] = "major"
    amounts: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_sum(self) -> Cut:
        if any(dict(re.compile(pattern).groupindex) != {"sum": 1} for pattern in self.amounts.values()):
            raise ValueError("a pattern of an amount has one named group, (?P<sum>...), before all others")
        return self


class Test(Part):
    """A condition on one cell; all that is named must hold. Texts are compared after NFKC and trimming."""

    equals: Texts = ()
    prefix: Texts = ()
    pattern: str | None = None
    unlike: Texts = ()
    empty: bool | None = None


def _test(value: object) -> object:
    return {"equals": value} if isinstance(value, (str, list, tuple)) else value


TestText = Annotated[Test, BeforeValidator(_test)]


class Total(Part):
    """One control total that the file prints.

    pattern: over a footer line, with groups `count` and `sum` as far as printed; or `label`: a name in the summary
    header, whose value stands below it (count_label: that of the count); or in_rows: the column of the rows that holds
    the sum (Amazon: of the first row). of: the column that is summed, or `in`, `out` of the amount pair, `net` (both,
    signed), `rows`, or `added` (the pattern's group `computed` is what the reader has added up). where: which rows are
    counted. sign: how the printed sum is turned into the merchant's view. zeros: of `in` and `out`, the count may hold
    rows of 0, some or all.
    """

    name: str
    pattern: str | None = None
    label: Texts = ()
    count_label: Texts = ()
    in_rows: str | None = None
    of: str
    where: dict[str, TestText] = Field(default_factory=dict)
    sign: Literal[1, -1] = 1
    magnitude: bool = False
    zeros: bool = False


class Footer(Part):
    """What stands below the rows."""

    starts_with: Texts = ()
    totals: tuple[Total, ...] = ()
    made_at: str | None = None  # pattern with group `time`: when the file was made


class Preamble(Part):
    """Patterns over the lines above the header (and the footer).

    Groups: `account`; `from` and `to`; `currency`; of the two balances `sum`.
    """

    account: str | None = None
    period: str | None = None
    currency: str | None = None
    opening: str | None = None
    closing: str | None = None


class Account(Part):
    """Where the account's number stands: columns in order of preference; `ignore`: texts that are no number.

    digits: how many first digits are the account, where the file prints more. of_family: bills of the family that
    print no account are of one and the same.
    """

    columns: Texts = ()
    ignore: Texts = ()
    digits: int | None = None
    of_family: bool = False


class Amount(Part):
    """Where an amount comes from and how it is signed, seen from the merchant.

    column: as printed, unless sign says otherwise. in and out: a pair, of which one is used; what the out column
    prints as sign is not looked at, unless `reversals`: then a minus among positive cells is money that comes back.
    direction: a column of words beside an unsigned amount; `agrees`: a minus must say the same as its word.
    several: the amounts of these columns are added, those of `less` taken off. sign cost: a charge, negative on
    payments in the ledger, whatever sign the file prints for most of them. nothing: an amount of zero (written `0`).
    """

    column: str | None = None
    several: Texts = ()
    less: Texts = ()
    incoming: str | None = Field(default=None, alias="in")
    outgoing: str | None = Field(default=None, alias="out")
    direction: str | None = None
    agrees: bool = False
    plus: Texts = ()
    minus: Texts = ()
    sign: Literal["printed", "turned", "positive", "negative", "cost"] = "printed"
    nothing: bool = False
    reversals: bool = False

    @model_validator(mode="after")
    def _one_form(self) -> Amount:
        pair = self.incoming is not None or self.outgoing is not None
        if sum((self.nothing, self.column is not None, bool(self.several), pair)) != 1:
            raise ValueError("name one of: column, several, in and out")
        if self.direction is not None and not (self.plus and self.minus):
            raise ValueError("a direction needs the words of plus and minus")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the amount reads, the direction apart."""
        return tuple(name for name in (self.column, *self.several, *self.less, self.incoming, self.outgoing) if name)


def _amount(value: object) -> object:
    if not isinstance(value, str):
        return {"nothing": True} if value == 0 else value
    return {"column": value[1:], "sign": "turned"} if value.startswith("-") else {"column": value}


AmountText = Annotated[Amount, BeforeValidator(_amount)]


class Link(Part):
    """One place of a reference: a column, and the pattern (its group `ref`) or the number of digits that fit."""

    column: str
    pattern: str | None = None
    digits: tuple[int, int] | None = None
    ignore: Texts = ()

    @model_validator(mode="after")
    def _one_group(self) -> Link:
        if self.pattern is not None and dict(re.compile(self.pattern).groupindex) != {
            "ref": re.compile(self.pattern).groups
        }:
            raise ValueError("a pattern has exactly one group, (?P<ref>...)")
        return self


def _link(value: object) -> object:
    values = [value] if isinstance(value, (str, dict)) else value
    return (
        [{"column": item} if isinstance(item, str) else item for item in values] if isinstance(values, list) else values
    )


Chain = Annotated[tuple[Link, ...], BeforeValidator(_link)]


class Refs(Part):
    """The numbers of a movement, each with its places in order of trust."""

    order_ref: Chain = ()
    sub_ref: Chain = ()
    payment_ref: Chain = ()
    refund_ref: Chain = ()
    batch_ref: Chain = ()
    line_ref: Chain = ()

    @property
    def chains(self) -> dict[str, tuple[Link, ...]]:
        """The chains by the name of the reference."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Sides(Part):
    """A column for money that came in (the payer), another for money that went out (the payee)."""

    incoming: str = Field(alias="in")
    outgoing: str = Field(alias="out")


class Make(Part):
    """One entry that a row makes.

    zero: an amount of 0, or an empty cell, makes an entry too. required: an empty cell is wrong. detail_from: the
    column whose text is the detail. time: other columns of the moment. name: what tells it apart from the row's
    other entries, in its id (default: kind and detail).
    """

    kind: Kind
    detail: str | None = None
    detail_from: str | None = None
    amount: AmountText | None = None
    zero: bool = False
    required: bool = False
    time: Texts = ()
    refs: Refs = Field(default_factory=Refs)
    order_amount: AmountText | None = None
    fee_rate: str | None = None
    name: str | None = None


class Rule(Part):
    """What the rows that fit `when` make; the first rule that fits a row is taken.

    direction: only rows whose amount (the spec's own) comes in, goes out, or is 0 (none). returns: only rows
    whose number in this column stands in a row of the other direction too (a withdrawal that came back). Either `skip`
    with its reason, `wrong` (quarantined, with the problem), `entries`, or
    `kind` and `detail` for the one entry of the spec's amount. memo: the columns of its memo, where they tell more than
    the spec's own.
    """

    when: dict[str, TestText] = Field(default_factory=dict)
    direction: Literal["in", "out", "none"] | None = None
    returns: str | None = None
    skip: str | None = None
    wrong: str | None = None
    entries: tuple[Make, ...] = ()
    kind: Kind | None = None
    detail: str | None = None
    detail_from: str | None = None
    refs: Refs = Field(default_factory=Refs)
    book: Book | None = None
    memo: Texts = ()

    @model_validator(mode="after")
    def _one_outcome(self) -> Rule:
        if sum((self.skip is not None, self.wrong is not None, bool(self.entries), self.kind is not None)) != 1:
            raise ValueError("a rule has one of: skip, wrong, entries, kind")
        return self

    @property
    def made(self) -> tuple[Make, ...]:
        """The entries, also of the short form."""
        if self.kind is None:
            return self.entries
        return (
            Make(kind=self.kind, detail=self.detail, detail_from=self.detail_from, refs=self.refs, zero=True,
                 required=True, name="row"),
        )  # fmt: skip


class BankTexts(Part):
    """The columns of a bank line whose words tell its kind (`specs/shared/bank_texts.yaml`), in order of weight."""

    columns: Texts
    counterparty: str | None = None

    def rules(self, known: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rules of a bank: all words on the first column, then on the next; at last by direction."""
        first = self.columns[0]
        made = [self._rule(words, column, first=column == first) for column in self.columns for words in known]
        by_direction = [{"direction": "in", "kind": "receipt"}, {"direction": "out", "kind": "disbursement"}]
        return [*made, *by_direction, {"direction": "none", "skip": "amount of 0"}]

    def _rule(self, words: dict[str, Any], column: str, *, first: bool) -> dict[str, Any]:
        rule = {key: value for key, value in words.items() if key not in {"first", "words", "alone"}}
        pattern = words.get("first", words["words"]) if first else words["words"]
        when: dict[str, Any] = {column: {"pattern": pattern}}
        if words.get("alone") and self.counterparty is not None:
            when[self.counterparty] = {"empty": True}
        return {"when": when, **rule}


class States(Part):
    """The words of an order's state. Words that are not listed: paid if the row has a paid time, else unpaid."""

    column: str
    unpaid: Texts = ()
    paid: Texts = ()
    shipped: Texts = ()
    completed: Texts = ()
    closed: Texts = ()


class AfterSaleRule(Part):
    """Rows that fit have this after-sale state."""

    when: dict[str, TestText]
    value: Literal["none", "partial", "full", "open"]


class AfterSale(Part):
    """Whether an order was refunded: by rules, else by its refund against its amount, else none."""

    rules: tuple[AfterSaleRule, ...] = ()
    refund: str | None = None
    of: str | None = None


class Key(Part):
    """What tells a row from all others.

    unique: a second row with the key is the same row again (or another version of it); else equal rows are told
    apart by their number of occurrence.
    """

    columns: Texts
    unique: bool = True


class Balance(Part):
    """The running balance after each row; `where`: rows that move it (default all)."""

    column: str
    where: dict[str, TestText] = Field(default_factory=dict)


class Arithmetic(Part):
    """A row prints its net beside its parts: `parts` less `less` are `net`, checked on rows that fit `when`.

    parts: columns; none named: the entries that the row makes.
    """

    when: dict[str, TestText] = Field(default_factory=dict)
    net: AmountText
    parts: Texts = ()
    less: Texts = ()


class Items(Part):
    """An order has a row for each of its items; these amounts may be the order's, printed on each of them.

    Where they are equal on all rows of every order that has several, their entries are made once; else by each row.
    `apart`: so may these be, whatever the others are, each column by itself.
    """

    order: str
    amounts: Texts
    apart: Texts = ()
