"""recon.yaml as the matching and the breaks know it: homes, windows, contracts, tolerances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from recon.config.model import Config, FeeRule, minor
from recon.fees import Rule
from recon.ledger.channel import ChannelFacts
from recon.matching.rules import BankRules, OrderRules


@dataclass(frozen=True)
class Rules:
    """What a company asks of a run, in the terms of the rooms.

    channels: facts per channel, windows of recon.yaml in place. homes: shop -> accounts. contracts: "family:account"
    or channel -> fee rules. tolerance and materiality: minor units of the workspace's currency.
    """

    channels: Mapping[str, ChannelFacts]
    homes: Mapping[str, frozenset[str]]
    contracts: Mapping[str, Sequence[Rule]]
    zone: str
    lang: str
    tolerance: int
    materiality: int | None
    as_of: date | None
    period: str | None
    orders: OrderRules = field(default_factory=OrderRules)
    bank: BankRules = field(default_factory=BankRules)


def rules_of(
    config: Config,
    channels: Mapping[str, ChannelFacts],
    period: str | None,
    as_of: date | None,
    lang: str | None,
) -> Rules:
    """Return the rules of a run; options of the command go before recon.yaml.

    as_of is the option, else the file's, else the end of the period (the option's, else the file's), else None.
    """
    month = period or config.period
    limits = config.tolerances
    return Rules(
        channels={name: _with_windows(facts, config) for name, facts in channels.items()},
        homes={shop: frozenset(told.accounts) for shop, told in config.shops.items()},
        contracts={account: _contract(rules, channels, config.currency) for account, rules in config.fees.items()},
        zone=config.zone,
        lang=lang or config.lang,
        tolerance=minor(limits.amount, config.currency),
        materiality=None if limits.materiality is None else minor(limits.materiality, config.currency),
        as_of=as_of or config.as_of or (month_end(month) if month else None),
        period=month,
    )


def month_end(period: str) -> date:
    """The last day of a month like 2026-10."""
    year, month = (int(part) for part in period.split("-"))
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _with_windows(facts: ChannelFacts, config: Config) -> ChannelFacts:
    """Windows named by channel, else by family: of an order list those of its money, of a gateway its arrival."""
    told = config.windows.get(facts.channel) or config.windows.get(facts.family)
    if not told:
        return facts
    windows = tuple(rule.window() for rule in told)
    return replace(facts, payment=windows) if facts.side == "order" else replace(facts, arrival=windows)


def _contract(rules: Sequence[FeeRule], channels: Mapping[str, ChannelFacts], currency: str) -> tuple[Rule, ...]:
    kinds = {charge.detail: charge.kind for facts in channels.values() for charge in facts.charges}
    return tuple(rule.rule(kinds.get(rule.detail, "fee"), currency) for rule in rules)
