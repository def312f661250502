"""recon.yaml as values: every key, its shape and its default.

A model is frozen and refuses keys that it does not know. Keys are spelled as in the file; `from` and `to`, which
Python keeps for itself, are `since` and `until` here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from recon.config.texts import (
    AccountKey,
    Amount,
    Country,
    Currency,
    Day,
    Language,
    Number,
    Period,
    Rate,
    Text,
    Zone,
    amount,
)
from recon.errors import UsageFault
from recon.fees import Rule
from recon.ledger.channel import Window
from recon.money import Rounding, parse_amount
from recon.vouchers.chart import ROLES


def minor(value: Decimal, currency: str) -> int:
    """Return an amount of recon.yaml in minor units of a currency.

    Raises:
        UsageFault: it has more decimals than the currency.
    """
    try:
        return parse_amount(str(value), currency)
    except ValueError as error:
        raise UsageFault(f"recon.yaml: {value} has more decimals than {currency}. Write fewer.") from error


class Section(BaseModel):
    """Base of every part of recon.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(Section):
    """What a file cannot say itself; the first pattern that fits a path relative to the inbox wins.

    files: a pattern (`*`, `?`, `[...]`; a `*` crosses folders). channel: read as this channel. account, zone,
    currency: used where the file prints none.
    """

    files: Text
    channel: Text | None = None
    account: Text | None = None
    zone: Zone | None = None
    currency: Currency | None = None


class Shop(Section):
    """Which accounts a shop settles into, and the customer that its receivables stand under in the books."""

    accounts: tuple[AccountKey, ...] = ()
    customer: Text | None = None


class Account(Section):
    """A money account: its code in the books, and what is drafted from it.

    company: whose account it is, where a group of companies shares the files. scope: `all` drafts every line (default
    of wallets), `channel` only channel money (default of banks).
    """

    code: Text | None = None
    company: Text | None = None
    scope: Literal["all", "channel"] | None = None


class Dated(Section):
    """What holds from one day to another, both included; an open end is None."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise PydanticCustomError("recon", "`to` lies before `from`|Write the earlier day in `from`.")
        return self

    def overlaps(self, other: Dated) -> bool:
        """Tell whether both hold on some day."""
        starts = max(self.since or date.min, other.since or date.min)
        return starts <= min(self.until or date.max, other.until or date.max)


class WindowRule(Dated):
    """When money for an order is due: days[0]..days[1] days after the trigger, the latest day still counts."""

    trigger: Literal["paid_at", "shipped_at", "confirmed_at", "occurred_at"]
    days: tuple[Annotated[Number, Field(ge=0, le=366)], Annotated[Number, Field(ge=0, le=366)]]
    unit: Literal["calendar", "working"] = "calendar"

    def window(self) -> Window:
        """Return the window as the rooms behind the reader know it."""
        earliest, latest = self.days
        return Window(self.trigger, earliest, latest, self.unit, since=self.since, until=self.until)

    @model_validator(mode="after")
    def _earliest_first(self) -> Self:
        if self.days[1] < self.days[0]:
            raise PydanticCustomError("recon", "the latest day lies before the earliest|Write [earliest, latest].")
        return self


class FeeRule(Dated):
    """What an account charges under one `detail`, by contract.

    Fee = rate × base + fixed, at least min, at most max (amounts in major units of the account's currency), rounded
    per row or, with level batch, once on what the rows of a batch add up to. settles_after: days after the payment
    from which a refund no longer returns it. only: the card brands or categories it is for, as the file prints them;
    such a rule goes before one for all.
    """

    detail: Text
    base: Literal["payment", "payment+subsidy"] = "payment"
    rate: Rate
    fixed: Amount = Decimal("0.00")
    min: Annotated[Amount, Field(ge=0)] = Decimal("0.00")
    max: Annotated[Amount, Field(ge=0)] | None = None
    rounding: Literal["half_up", "half_even", "down", "up"] = "half_up"
    level: Literal["row", "batch"] = "row"
    on_refund: Literal["returned", "kept"] = "kept"
    settles_after: Annotated[Number, Field(ge=0, le=366)] | None = None
    only: tuple[Text, ...] = ()

    def rule(self, kind: str, currency: str) -> Rule:
        """Return the rule in minor units of its account's currency; `kind` is the ledger's: fee or commission.

        Raises:
            UsageFault: an amount has more decimals than the currency.
        """
        return Rule(
            detail=self.detail,
            rate=Fraction(self.rate),
            kind=kind,
            fixed=minor(self.fixed, currency),
            minimum=minor(self.min, currency),
            maximum=None if self.max is None else minor(self.max, currency),
            base=self.base,
            on_refund=self.on_refund,
            level=self.level,
            settles_after=self.settles_after,
            rounding=Rounding(self.rounding),
            since=self.since,
            until=self.until,
            only=self.only,
            source="configured",
        )


def _fees_apart(rules: tuple[FeeRule, ...]) -> tuple[FeeRule, ...]:
    for one, other in combinations(rules, 2):
        alike = one.only == other.only or not set(one.only).isdisjoint(other.only)
        if one.detail == other.detail and alike and one.overlaps(other):
            problem = f"two rules for {one.detail!r} hold on the same day"
            raise PydanticCustomError("recon", f"{problem}|End one with `to` before the next one starts.")
    return rules


def _windows_apart(rules: tuple[WindowRule, ...]) -> tuple[WindowRule, ...]:
    for one, other in combinations(rules, 2):
        if one.trigger == other.trigger and one.overlaps(other):
            problem = f"two windows after {one.trigger} hold on the same day"
            raise PydanticCustomError("recon", f"{problem}|End one with `to` before the next one starts.")
    return rules


Windows = Annotated[tuple[WindowRule, ...], AfterValidator(_windows_apart)]
Fees = Annotated[tuple[FeeRule, ...], AfterValidator(_fees_apart)]


class LegRule(Section):
    """One rule of a leg: a pass, what it looks at, and what it may do.

    name: as it stands in matches.csv. pass: `reference` (by the numbers in `keys`), `near_key` (numbers one slip apart,
    always suggested) or `window` (equal amount inside a date window). days: first and last day after the trigger, the
    first may be negative; left out, the channel's own window holds; the last counts in working days of `calendar` where
    `unit` is working. kinds, channels: what a window rule pairs, and for which order lists (left out: all). action:
    `suggest` never posts. limit: share of the orders that the measured bound of what is posted may reach.
    """

    name: Text
    through: Literal["reference", "window", "near_key"] = Field(alias="pass")
    keys: tuple[Literal["order_ref", "payment_ref"], ...] = ("order_ref", "payment_ref")
    days: tuple[Annotated[Number, Field(ge=-366, le=366)], Annotated[Number, Field(ge=0, le=366)]] | None = None
    unit: Literal["calendar", "working"] = "calendar"
    calendar: Country = "CN"
    kinds: tuple[Literal["payment", "refund"], ...] = ("payment", "refund")
    channels: tuple[Text, ...] = ()
    action: Literal["post", "suggest"] = "post"
    limit: Rate = Decimal("0.001")

    @model_validator(mode="after")
    def _of_its_pass(self) -> Self:
        given = self.model_fields_set - {"name", "through", "action"}
        known = {"reference": {"keys"}, "near_key": set[str](), "window": given - {"keys"}}[self.through]
        if given - known:
            problem = f"{min(given - known)!r} means nothing in a {self.through} pass"
            raise PydanticCustomError("recon", f"{problem}|Leave it out.")
        if self.days is not None and self.days[1] < self.days[0]:
            raise PydanticCustomError("recon", "the latest day lies before the earliest|Write [earliest, latest].")
        return self


class Leg(Section):
    """A leg's own rules, which take the place of the default ones; their order is the order of the passes.

    settles_via: order list -> families of the money side, where a spec does not say it or says more.
    """

    rules: tuple[LegRule, ...] = ()
    settles_via: Mapping[Text, tuple[Text, ...]] = Field(default_factory=dict)


class Legs(Section):
    """The legs that can be told otherwise."""

    orders: Leg = Field(default=Leg(), alias="order-gateway")
    bank: Leg = Field(default=Leg(), alias="gateway-bank")

    @model_validator(mode="after")
    def _passes_of_the_bank(self) -> Self:
        if self.bank.settles_via or len(self.bank.rules) > 1 or any(r.through != "window" for r in self.bank.rules):
            raise PydanticCustomError("recon", "gateway-bank takes one window rule|Numbers always go before it.")
        if any({"kinds", "channels", "limit"} & rule.model_fields_set for rule in self.bank.rules):
            raise PydanticCustomError("recon", "at the bank a rule has days, unit, calendar and action|Leave the rest.")
        return self


class NamedTolerance(Section):
    """The named tolerance of the reference pass: an amount, or a share, whichever is more.

    per_ten_thousand: the share in ‱ of `base`: `order` (what the order asks for) or `received`. rounding: of the share.
    """

    amount: Annotated[Amount, Field(ge=0)] = Decimal("0.00")
    per_ten_thousand: Annotated[Number, Field(ge=0, le=10_000)] = 0
    base: Literal["order", "received"] = "order"
    rounding: Literal["half_up", "half_even", "down", "up"] = "half_up"


def _named(value: object) -> object:
    """An amount alone is a tolerance too."""
    if isinstance(value, dict | NamedTolerance):
        return value
    alone = amount(value)
    if alone < 0:
        raise PydanticCustomError("recon", "is out of range|Write at least 0.")
    return NamedTolerance(amount=alone)


class WriteOff(Section):
    """Differences beyond the tolerance and up to `limit` are written off; account: code in the books of what is lost.

    Without an account the chart's own is used (尾差). A limit of 0.00 writes nothing off.
    """

    limit: Annotated[Amount, Field(ge=0)]
    account: Text | None = None


class AlarmLimits(Section):
    """Limits above which an alarm is raised. money_at_risk: of each currency; null raises none."""

    money_at_risk: Annotated[Amount, Field(ge=0)] | None = Decimal("10000.00")


def _limits(value: object) -> object:
    """Nothing said of alarms leaves their defaults."""
    return AlarmLimits() if value is None else value


class Tolerances(Section):
    """What is accepted or raised. Amounts in major units, of every currency alike; written off is only the company's.

    amount: the named tolerance, an amount or a mapping. materiality: above it a finding is of high severity.
    late_interest: a day, on money that came late; it is told in the finding and changes no amount. alarm: limits of
    alarms, which change no finding.
    """

    amount: Annotated[NamedTolerance, BeforeValidator(_named)] = NamedTolerance()
    write_off: WriteOff | None = None
    materiality: Annotated[Amount, Field(gt=0)] | None = None
    late_interest: Annotated[Rate, Field(gt=0)] | None = None
    alarm: Annotated[AlarmLimits, BeforeValidator(_limits)] = AlarmLimits()


def _role(name: str) -> str:
    if name not in ROLES:
        near = get_close_matches(name, ROLES, n=1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"Roles are {', '.join(ROLES)}."
        raise PydanticCustomError("recon", f"is not a role of the chart|{remedy}")
    return name


Role = Annotated[str, AfterValidator(_role)]


class Postings(Section):
    """How vouchers are drafted. Where the file has no `postings`, these defaults are assumptions, and said to be.

    vat: rate of a shop; `default` for the others, else the usual rate of the taxpayer. accounts: role -> code in the
    books. details: a channel's own name of a charge -> role.
    """

    standard: Literal["asbe", "small"] = "asbe"
    taxpayer: Literal["general", "small_scale"] = "general"
    vat: Mapping[Text, Rate] = Field(default_factory=dict)
    revenue_date: Literal["confirmed", "paid", "shipped"] = "confirmed"
    revenue_from: Literal["orders", "payment"] = "orders"
    tax_split: Literal["per_order", "per_group"] = "per_order"
    grain: Literal["day", "order", "period"] = "day"
    word: Text = "记"
    number_from: Annotated[Number, Field(ge=1)] = 1
    maker: Text | None = None
    accounts: Mapping[Role, Text] = Field(default_factory=dict)
    details: Mapping[Text, Role] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _booked_somewhere(self) -> Self:
        for detail, role in self.details.items():
            if role not in self.accounts and ROLES[role].code(self.standard) is None:
                problem = f"the {self.standard} chart has no account for {role}, where {detail!r} is booked"
                raise PydanticCustomError("recon", f"{problem}|Name its code under `accounts`.")
        return self


class Outputs(Section):
    """What a run leaves beside the workbook."""

    formats: tuple[Literal["csv", "beancount"], ...] = ("csv", "beancount")
    tables: Literal["csv"] = "csv"


class Config(Section):
    """All of recon.yaml. `Config()` is what a run without a file uses."""

    lang: Language = "zh"
    zone: Zone = "Asia/Shanghai"
    currency: Currency = "CNY"
    as_of: Day | None = None
    period: Period | None = None
    sources: tuple[Source, ...] = ()
    shops: Mapping[Text, Shop] = Field(default_factory=dict)
    accounts: Mapping[AccountKey, Account] = Field(default_factory=dict)
    legs: Legs = Legs()
    windows: Mapping[Text, Windows] = Field(default_factory=dict)
    fees: Mapping[AccountKey, Fees] = Field(default_factory=dict)
    tolerances: Tolerances = Tolerances()
    postings: Postings = Postings()
    closed_periods: tuple[Period, ...] = ()
    outputs: Outputs = Outputs()

    @property
    def assumed(self) -> bool:
        """True where no `postings` were configured: accounts and tax rates are defaults that nobody confirmed."""
        return "postings" not in self.model_fields_set
