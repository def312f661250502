"""A channel as data: the model of one YAML file in `specs/`, and how the files are loaded.

A spec says how a file is recognised, how its cells are cut, and for each kind of row which entries it makes. `aliases`
lists other spellings of a column's name. Errors name the file, the line, the key and what was expected.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from recon.channels.facts import Due, Facts
from recon.channels.lines import Shape
from recon.channels.parts import (
    Account,
    AfterSale,
    AmountText,
    Arithmetic,
    Balance,
    BankTexts,
    Book,
    Cut,
    Footer,
    Items,
    Key,
    Part,
    Preamble,
    Recognise,
    Refs,
    Rule,
    Sides,
    States,
    TestText,
    Texts,
    Title,
)  # fmt: skip
from recon.channels.spans import Carried, Ends, Period
from recon.channels.sums import Sums
from recon.errors import UsageFault
from recon.ledger.channel import ChannelFacts, Charge, Window

SPECS = Path(__file__).parent / "specs"


class Spec(Part):
    """One channel."""

    channel: str
    side: Literal["order", "gateway", "bank"]
    family: str
    title: Title
    confidence: Literal["OFF", "SAMPLE", "CODE", "2ND", "MEM", "OURS"] | None = None  # what the layout rests on
    book: Book | None = None
    recognise: Recognise
    resolve: str | None = None  # built-in hook that brings a table into the columns named here (`generic.hooks`)
    roles: dict[str, Texts] = Field(default_factory=dict)  # for the hook: column -> what a file may call it
    several: Texts = ()  # roles that take more than one column
    bracketed: Texts = ()  # roles whose names may be followed by a word in brackets
    words: dict[str, Texts] = Field(default_factory=dict)  # for the hook: what the words of cells mean
    refused: dict[Literal["refund_failed", "refund_pending"], str] = Field(default_factory=dict)  # see `refusals`
    control_only: str | None = None  # the file holds totals of another one: all rows are skipped with this reason
    sums: Sums | None = None  # which they are, where that bill is compared with them
    text: Cut = Cut()
    preamble: Preamble = Preamble()
    footer: Footer | None = None
    aliases: dict[str, Texts] = Field(default_factory=dict)
    wanted: dict[str, Title] = Field(default_factory=dict)  # column -> what stays unseen in a file without it
    explains: dict[str, TestText] = Field(
        default_factory=dict
    )  # rows that tell what the columns mean; they are skipped
    carried: Carried | None = None
    account: Account = Account()
    period: Period | None = None
    currency: str | None = None  # column that prints it
    currency_is: str | None = None  # what all files of the channel are in, where none is printed
    currency_assumed: str | None = None  # what a file without one is read in, and said so; `none`: it is refused
    most_rows: int | None = None  # the platform cuts an export off here, and does not say so
    shop: str | None = None
    zone: str | None = None
    time: Texts = ()
    clock: str | None = None  # column of the time of day, beside a day in `time`
    zone_column: str | None = None  # column that names the zone of the times (`zones`), row by row
    day: Literal["day_first", "month_first", "serial", "told"] | None = None  # dates that do not begin with the year
    timeless: bool = False  # rows without a time are booked too
    dates: dict[Literal["paid_at", "shipped_at", "confirmed_at"], str] = Field(default_factory=dict)
    value_date: str | None = None
    stamps: Texts = ()
    covers: Literal["payments"] | None = None  # a file of what was paid out: it knows the days until its last payment
    key: Key = Key(columns=())
    items: Items | None = None
    amount: AmountText | None = None
    order_amount: AmountText | None = None
    released: AmountText | None = None
    balance: Balance | None = None
    ends: Ends | None = None
    arithmetic: Arithmetic | None = None
    states: States | None = None
    after_sale: AfterSale = AfterSale()
    refund_rank: str | None = None
    refs: Refs = Field(default_factory=Refs)
    status: Texts = ()
    memo: Texts = ()
    counterparty: str | Sides | None = None
    method: Texts = ()  # of a gateway: what a fee may depend on (card brand, category); joined it is the counterparty
    counterparty_account: str | Sides | None = None
    rows: tuple[Rule, ...] = ()
    bank_texts: BankTexts | None = None  # for a bank: what its words say, of rows that `rows` does not know
    facts_: Facts = Field(default_factory=Facts, alias="facts")
    test: bool = False

    @model_validator(mode="before")
    @classmethod
    def _kinds_by_text(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("bank_texts") is not None:
            texts = BankTexts.model_validate(data["bank_texts"])
            return {**data, "rows": [*data.get("rows", ()), *texts.rules(_bank_words())]}
        return data

    @model_validator(mode="after")
    def _complete(self) -> Spec:
        if self.side == "bank" and self.book == "copy":
            raise ValueError("a bank's file is a copy only beside a better one: say facts: {bill: interim}")
        if self.control_only is None and self.resolve is None and not (self.rows and self.key.columns and self.time):
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
            swept=facts.swept,
            bank_keys=facts.bank_keys,
            order_pattern=facts.order_pattern,
            charges=tuple(
                Charge(item.detail, item.kind, item.base, item.on_refund, item.latest) for item in facts.charges
            ),
            bill=facts.bill,
            nets=facts.nets,
            apart=facts.apart,
            feeless=facts.feeless,
            layout_of=facts.layout_of,
            test=self.test,
        )


def _windows(dues: tuple[Due, ...]) -> tuple[Window, ...]:
    return tuple(
        Window(due.trigger, *due.days, due.unit, due.country, due.since, due.until, due.detail) for due in dues
    )


def load_specs(extra_dir: Path | None = None) -> dict[str, Spec]:
    """Return all channels by name, sorted: the built-in ones and those of a folder of the user's.

    Raises:
        UsageFault: when a file is no valid spec; names the file, the key and what was expected.
    """
    specs = dict(_built_in())
    for path in sorted(extra_dir.glob("*.yaml")) if extra_dir is not None and extra_dir.is_dir() else ():
        spec = load_spec(path)
        if spec.resolve is not None:
            raise UsageFault(f"{path.name}: resolve: only built-in channels may name a hook. Leave the key out.")
        specs[spec.channel] = spec
    return dict(sorted(specs.items()))


@cache
def _built_in() -> dict[str, Spec]:
    """The channels that come with the program, read once."""
    return {spec.channel: spec for spec in map(load_spec, sorted(SPECS.glob("*.yaml")))}


@cache
def _bank_words() -> list[dict[str, Any]]:
    """What the words of a bank line mean: read once, shared by all banks."""
    path = SPECS / "shared" / "bank_texts.yaml"
    words: list[dict[str, Any]] = _loaded(path.name, path.read_text(encoding="utf-8"))
    return words


def load_spec(path: Path) -> Spec:
    """Return the channel of one YAML file; what it leaves out it takes from the built-in channel named by `like`.

    Raises:
        UsageFault: when it is no valid spec.
    """
    text = path.read_text(encoding="utf-8")
    loaded = _loaded(path.name, text)
    if isinstance(loaded, dict) and "like" in loaded:
        model = SPECS / f"{loaded.pop('like')}.yaml"
        if not model.is_file() or model == path:
            raise UsageFault(f"{path.name}: like: there is no built-in channel {model.stem}.")
        loaded = {**_loaded(model.name, model.read_text(encoding="utf-8")), **loaded}
    try:
        return Spec.model_validate(loaded)
    except ValidationError as error:
        raise UsageFault("\n".join(_readable(path.name, text, one) for one in error.errors())) from None


def _loaded(file: str, text: str) -> Any:
    try:
        loader = TextLoader(text)
        return loader.get_single_data()
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f":{where.line + 1}" if where is not None else ""
        raise UsageFault(f"{file}{line}: is no valid YAML ({getattr(error, 'problem', error)}).") from None


class TextLoader(yaml.CSafeLoader):
    """YAML 1.2 in what matters here: keys and plain words are texts; only true and false are booleans.

    The loader of libyaml, which every wheel of PyYAML holds: 106 channels are read at each start.
    """


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
