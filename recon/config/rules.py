"""recon.yaml as the matching and the breaks know it: homes, windows, contracts, tolerances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from recon.config.model import Config, FeeRule, LegRule, minor
from recon.fees import Rule
from recon.ledger.channel import ChannelFacts, Window
from recon.ledger.rates import Rates
from recon.matching.rules import BankRules, OrderRules, WindowRule
from recon.matching.tolerance import Tolerance
from recon.money import Rounding


@dataclass(frozen=True)
class Rules:
    """What a company asks of a run, in the terms of the rooms.

    channels: facts per channel, windows of recon.yaml in place. homes: shop -> accounts. contracts: "family:account"
    or channel -> fee rules. tolerance: which differences are accepted. materiality: minor units of the workspace's
    currency. rates: of rates.csv. companies: account -> company. late_interest: share a day. money_at_risk: the
    alarm's limit in ten-thousandths of a major unit of any currency, None for none.
    """

    channels: Mapping[str, ChannelFacts]
    homes: Mapping[str, frozenset[str]]
    contracts: Mapping[str, Sequence[Rule]]
    zone: str
    lang: str
    tolerance: Tolerance
    materiality: int | None
    as_of: date | None
    period: str | None
    orders: OrderRules = field(default_factory=OrderRules)
    bank: BankRules = field(default_factory=BankRules)
    rates: Rates = field(default_factory=Rates)
    companies: Mapping[str, str] = field(default_factory=dict)
    late_interest: Fraction | None = None
    money_at_risk: int | None = None


def rules_of(
    config: Config,
    channels: Mapping[str, ChannelFacts],
    period: str | None,
    as_of: date | None,
    lang: str | None,
    rates: Rates | None = None,
) -> Rules:
    """Return the rules of a run; options of the command go before recon.yaml.

    as_of is the option, else the file's, else the end of the period (the option's, else the file's), else None.
    """
    month = period or config.period
    limits = config.tolerances
    return Rules(
        channels={
            name: _with_windows(_settling(facts, config.legs.orders.settles_via), config)
            for name, facts in channels.items()
        },
        homes={shop: frozenset(told.accounts) for shop, told in config.shops.items()},
        contracts={account: _contract(rules, channels, config.currency) for account, rules in config.fees.items()},
        zone=config.zone,
        lang=lang or config.lang,
        tolerance=_tolerance(config),
        materiality=None if limits.materiality is None else minor(limits.materiality, config.currency),
        orders=_order_rules(config.legs.orders.rules),
        bank=_bank_rules(config.legs.bank.rules),
        money_at_risk=None if limits.alarm.money_at_risk is None else int(limits.alarm.money_at_risk * 10_000),
        as_of=as_of or config.as_of or (month_end(month) if month else None),
        period=month,
        rates=rates or Rates(config.currency),
        late_interest=None if limits.late_interest is None else Fraction(limits.late_interest),
        companies={name: told.company for name, told in config.accounts.items() if told.company},
    )


def _order_rules(told: Sequence[LegRule]) -> OrderRules:
    """The rules of the leg order-gateway; without any the defaults."""
    if not told:
        return OrderRules()
    return OrderRules(
        keys=tuple(key for rule in told if rule.through == "reference" for key in rule.keys),
        windows=tuple(_window_rule(rule) for rule in told if rule.through == "window"),
        near_key=any(rule.through == "near_key" for rule in told),
    )


def _window_rule(rule: LegRule) -> WindowRule:
    return WindowRule(
        name=rule.name,
        days=rule.days,
        unit=rule.unit,
        country=rule.calendar,
        kinds=frozenset(rule.kinds),
        channels=frozenset(rule.channels),
        posts=rule.action == "post",
        limit=Fraction(rule.limit),
    )


def _bank_rules(told: Sequence[LegRule]) -> BankRules:
    if not told:
        return BankRules()
    return BankRules(told[0].name, told[0].action == "post")


def _settling(facts: ChannelFacts, told: Mapping[str, Sequence[str]]) -> ChannelFacts:
    return replace(facts, settles_via=tuple(told[facts.channel])) if facts.channel in told else facts


def _tolerance(config: Config) -> Tolerance:
    named, write_off = config.tolerances.amount, config.tolerances.write_off
    return Tolerance(
        amount=minor(named.amount, config.currency),
        per_ten_thousand=named.per_ten_thousand,
        base=named.base,
        rounding=Rounding(named.rounding),
        write_off=0 if write_off is None else minor(write_off.limit, config.currency),
        currency=config.currency,
    )


def month_end(period: str) -> date:
    """The last day of a month like 2026-10."""
    year, month = (int(part) for part in period.split("-"))
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _with_windows(facts: ChannelFacts, config: Config) -> ChannelFacts:
    """Windows named by channel, else by family: of an order list those of its money, of a gateway its arrival.

    The rule of the leg gateway-bank is for the arrival of every channel that has no window of its own.
    """
    told = config.windows.get(facts.channel) or config.windows.get(facts.family)
    if not told:
        days = [rule for rule in config.legs.bank.rules if rule.days is not None and facts.arrival]
        arrival = tuple(Window("occurred_at", *(rule.days or (0, 0)), rule.unit, rule.calendar) for rule in days)
        return replace(facts, arrival=arrival or facts.arrival)
    windows = tuple(rule.window() for rule in told)
    return replace(facts, payment=windows) if facts.side == "order" else replace(facts, arrival=windows)


def _contract(rules: Sequence[FeeRule], channels: Mapping[str, ChannelFacts], currency: str) -> tuple[Rule, ...]:
    kinds = {charge.detail: charge.kind for facts in channels.values() for charge in facts.charges}
    return tuple(rule.rule(kinds.get(rule.detail, "fee"), currency) for rule in rules)
