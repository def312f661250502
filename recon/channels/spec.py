"""A channel as data: the model of one YAML file in `specs/`, and how the files are loaded.

A spec says how a file is recognised, how its cells are cut, and for each kind of row which entries it makes. Column
names are those that the file prints, compared after folding (`lines.fold`); `aliases` lists other spellings of a name.
Errors name the file, the key and what was expected.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from recon.channels.lines import Shape
from recon.errors import UsageFault
from recon.ledger.channel import ChannelFacts, Charge, Window

SPECS = Path(__file__).parent / "specs"

Kind = Literal[
    "sale", "refund", "payment", "fee", "commission", "subsidy", "shipping", "deposit", "payout", "receipt",
    "disbursement", "transfer", "chargeback", "adjustment", "tax", "interest",
]  # fmt: skip
State = Literal["unpaid", "paid", "shipped", "completed", "closed"]
Book = Literal["trade", "cash", "copy"]


def _several(value: object) -> object:
    return [value] if isinstance(value, (str, dict)) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Title(_Part):
    """The channel's name for people."""

    zh: str
    en: str


class Recognise(_Part):
    """Header cells that must be there (a list inside the list: one of them), and that must not."""

    header: tuple[Texts, ...]
    absent: Texts = ()


class Cut(_Part):
    """How lines are cut into cells.

    split: token between cells where it is not the delimiter. empty: texts that stand for an empty cell.
    """

    split: str = ""
    empty: Texts = ()
    encodings: Texts = ()


class Test(_Part):
    """A condition on one cell; all that is named must hold. Texts are compared after NFKC and trimming."""

    equals: Texts = ()
    prefix: Texts = ()
    pattern: str | None = None
    unlike: Texts = ()
    empty: bool | None = None


def _test(value: object) -> object:
    return {"equals": value} if isinstance(value, (str, list, tuple)) else value


TestText = Annotated[Test, BeforeValidator(_test)]


class Total(_Part):
    """One control total that the file prints.

    pattern: over a footer line, with groups `count` and `sum` as far as printed; or `label`: a name in the summary
    header, whose value stands below it. of: the column that is summed, or `in`, `out` of the amount pair, or `rows`.
    where: which rows are counted. sign: how the printed sum is turned into the merchant's view.
    """

    name: str
    pattern: str | None = None
    label: Texts = ()
    of: str
    where: dict[str, TestText] = Field(default_factory=dict)
    sign: Literal[1, -1] = 1
    magnitude: bool = False


class Footer(_Part):
    """What stands below the rows."""

    starts_with: Texts
    totals: tuple[Total, ...] = ()
    made_at: str | None = None  # pattern with group `time`: when the file was made


class Preamble(_Part):
    """Patterns over the lines above the header (and the footer): groups `account`; `from` and `to`."""

    account: str | None = None
    period: str | None = None


class Account(_Part):
    """Where the account's number stands: columns in order of preference; `ignore`: texts that are no number.

    digits: how many first digits are the account, where the file prints more.
    """

    columns: Texts = ()
    ignore: Texts = ()
    digits: int | None = None


class Amount(_Part):
    """Where an amount comes from and how it is signed, seen from the merchant.

    column: as printed, unless sign says otherwise. in and out: a pair, of which one is used; what the out column
    prints as sign is not looked at, unless `reversals`: then a minus among positive cells is money that comes back. direction: a column of words beside an unsigned amount.
    several: the amounts of these columns are added.
    """

    column: str | None = None
    several: Texts = ()
    incoming: str | None = Field(default=None, alias="in")
    outgoing: str | None = Field(default=None, alias="out")
    direction: str | None = None
    plus: Texts = ()
    minus: Texts = ()
    sign: Literal["printed", "turned", "positive", "negative"] = "printed"
    reversals: bool = False

    @model_validator(mode="after")
    def _one_form(self) -> Amount:
        forms = [self.column is not None, bool(self.several), self.incoming is not None or self.outgoing is not None]
        if sum(forms) != 1:
            raise ValueError("name one of: column, several, in and out")
        if self.direction is not None and not (self.plus and self.minus):
            raise ValueError("a direction needs the words of plus and minus")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the amount reads, the direction apart."""
        return tuple(name for name in (self.column, *self.several, self.incoming, self.outgoing) if name)


def _amount(value: object) -> object:
    if not isinstance(value, str):
        return value
    return {"column": value[1:], "sign": "turned"} if value.startswith("-") else {"column": value}


AmountText = Annotated[Amount, BeforeValidator(_amount)]


class Link(_Part):
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


class Refs(_Part):
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


class Make(_Part):
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


class Rule(_Part):
    """What the rows that fit `when` make; the first rule that fits a row is taken.

    direction: only rows whose amount (the spec's own) comes in or goes out. Either `skip` with its reason, or `entries`, or
    `kind` and `detail` for the one entry of the spec's amount.
    """

    when: dict[str, TestText] = Field(default_factory=dict)
    direction: Literal["in", "out"] | None = None
    skip: str | None = None
    wrong: str | None = None
    entries: tuple[Make, ...] = ()
    kind: Kind | None = None
    detail: str | None = None
    detail_from: str | None = None
    refs: Refs = Field(default_factory=Refs)
    book: Book | None = None

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


class States(_Part):
    """The words of an order's state. Words that are not listed: paid if the row has a paid time, else unpaid."""

    column: str
    unpaid: Texts = ()
    paid: Texts = ()
    shipped: Texts = ()
    completed: Texts = ()
    closed: Texts = ()


class AfterSaleRule(_Part):
    """Rows that fit have this after-sale state."""

    when: dict[str, TestText]
    value: Literal["none", "partial", "full", "open"]


class AfterSale(_Part):
    """Whether an order was refunded: by rules, else by its refund against its amount, else none."""

    rules: tuple[AfterSaleRule, ...] = ()
    refund: str | None = None
    of: str | None = None


class Key(_Part):
    """What tells a row from all others.

    unique: a second row with the key is the same row again (or another version of it); else equal rows are told
    apart by their number of occurrence.
    """

    columns: Texts
    unique: bool = True


class Balance(_Part):
    """The running balance after each row; `where`: rows that move it (default all)."""

    column: str
    where: dict[str, TestText] = Field(default_factory=dict)


class Arithmetic(_Part):
    """A row prints its net beside its parts: `parts` add up to `net`, checked on rows that fit `when`."""

    when: dict[str, TestText]
    net: AmountText
    parts: Texts


class Due(_Part):
    """A window as in `ledger.channel.Window`; days: earliest and latest."""

    trigger: Literal["paid_at", "confirmed_at", "shipped_at", "occurred_at"]
    days: tuple[int, int]
    unit: Literal["calendar", "working"] = "calendar"
    country: str = "CN"
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")


class Taken(_Part):
    """A charge as in `ledger.channel.Charge`."""

    detail: str
    kind: Kind
    base: str = "payment"
    on_refund: Literal["kept", "returned", "shown"] = "kept"


class Facts(_Part):
    """What the rooms behind the reader must know of the channel."""

    comparison: str | None = None
    settles_via: Texts = ()
    payment: tuple[Due, ...] = ()
    refund: tuple[Due, ...] = ()
    payout: str | None = None
    arrival: tuple[Due, ...] = ()
    payers: Texts = ()
    bank_keys: Texts = ()
    order_pattern: str | None = None
    charges: tuple[Taken, ...] = ()


class Spec(_Part):
    """One channel."""

    channel: str
    side: Literal["order", "gateway", "bank"]
    family: str
    title: Title
    book: Book | None = None
    recognise: Recognise
    resolve: str | None = None  # name of a built-in hook that turns header and cells into a concrete spec
    control_only: str | None = None  # the file holds totals of another one: all rows are skipped with this reason
    text: Cut = Cut()
    preamble: Preamble = Preamble()
    footer: Footer | None = None
    aliases: dict[str, Texts] = Field(default_factory=dict)
    account: Account = Account()
    currency: str | None = None  # column that prints it
    shop: str | None = None
    zone: str | None = None
    time: Texts = ()
    dates: dict[Literal["paid_at", "shipped_at", "confirmed_at"], str] = Field(default_factory=dict)
    value_date: str | None = None
    stamps: Texts = ()
    key: Key | None = None
    amount: AmountText | None = None
    order_amount: AmountText | None = None
    released: AmountText | None = None
    balance: Balance | None = None
    arithmetic: Arithmetic | None = None
    states: States | None = None
    after_sale: AfterSale = AfterSale()
    refund_rank: str | None = None
    refs: Refs = Field(default_factory=Refs)
    status: str | None = None
    memo: Texts = ()
    counterparty: str | None = None
    counterparty_account: str | None = None
    rows: tuple[Rule, ...] = ()
    facts_: Facts = Field(default_factory=Facts, alias="facts")
    test: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Spec:
        if self.control_only is None and self.resolve is None and not (self.rows and self.key and self.time):
            raise ValueError("a channel needs time, key and rows")
        return self

    @property
    def shape(self) -> Shape:
        """How its lines are cut."""
        footer = self.footer.starts_with if self.footer else ()
        return Shape(split=self.text.split, footer=footer, encodings=self.text.encodings)

    def facts(self) -> ChannelFacts:
        """Return the channel as the later rooms see it."""
        facts = self.facts_
        return ChannelFacts(
            channel=self.channel,
            side=self.side,
            family=self.family,
            title_zh=self.title.zh,
            title_en=self.title.en,
            comparison=facts.comparison,
            settles_via=facts.settles_via,
            payment=_windows(facts.payment),
            refund=_windows(facts.refund),
            payout=facts.payout,
            arrival=_windows(facts.arrival),
            payers=facts.payers,
            bank_keys=facts.bank_keys,
            order_pattern=facts.order_pattern,
            charges=tuple(Charge(item.detail, item.kind, item.base, item.on_refund) for item in facts.charges),
            test=self.test,
        )


def _windows(dues: tuple[Due, ...]) -> tuple[Window, ...]:
    return tuple(Window(due.trigger, *due.days, due.unit, due.country, due.since, due.until) for due in dues)


def load_specs(extra_dir: Path | None = None) -> dict[str, Spec]:
    """Return all channels by name, sorted: the built-in ones and those of a folder of the user's.

    Raises:
        UsageFault: when a file is no valid spec; names the file, the key and what was expected.
    """
    paths = sorted(SPECS.glob("*.yaml"))
    specs: dict[str, Spec] = {}
    for path in paths:
        spec = load_spec(path)
        specs[spec.channel] = spec
    for path in sorted(extra_dir.glob("*.yaml")) if extra_dir is not None and extra_dir.is_dir() else ():
        spec = load_spec(path)
        if spec.resolve is not None:
            raise UsageFault(f"{path.name}: resolve: only built-in channels may name a hook. Leave the key out.")
        specs[spec.channel] = spec
    return dict(sorted(specs.items()))


def load_spec(path: Path) -> Spec:
    """Return the channel of one YAML file.

    Raises:
        UsageFault: when it is no valid spec.
    """
    text = path.read_text(encoding="utf-8")
    try:
        loaded: Any = yaml.load(text, Loader=TextLoader)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f":{where.line + 1}" if where is not None else ""
        raise UsageFault(f"{path.name}{line}: is no valid YAML ({getattr(error, 'problem', error)}).") from None
    try:
        return Spec.model_validate(loaded)
    except ValidationError as error:
        raise UsageFault("\n".join(_readable(path.name, text, one) for one in error.errors())) from None


class TextLoader(yaml.SafeLoader):
    """YAML 1.2 in what matters here: keys and plain words are texts; only true and false are booleans."""


TextLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag
        not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:float", "tag:yaml.org,2002:int", "tag:yaml.org,2002:value"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
TextLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
TextLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,8})$"), list("-0123456789"))


def _readable(file: str, text: str, error: Any) -> str:
    path = [str(step) for step in error["loc"]]
    names = [step for step in path if not step.isdigit()]
    line = _line_of(text, names)
    where = f"{file}:{line}" if line else file
    return f"{where}: {'.'.join(path) or 'file'}: {error['msg']}."


def _line_of(text: str, names: list[str]) -> int:
    """The line where the last named key stands, searched in order; 0: not found."""
    found = 0
    lines = text.splitlines()
    for name in names:
        for number in range(found, len(lines)):
            if re.search(rf"(^|[\s{{,]){re.escape(name)}\s*:", lines[number]):
                found = number + 1
                break
    return found
