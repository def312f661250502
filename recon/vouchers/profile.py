"""How a company keeps its books: standard, tax, accounts, grain of the vouchers.

Everything here has a default, so that a first answer needs no configuration; `assumed` then says that nobody has
confirmed the accounts and rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from recon.vouchers.chart import ASBE, DETAILS, ROLES, SMALL

GENERAL, SMALL_SCALE = "general", "small_scale"
ALL, CHANNEL = "all", "channel"
DEFAULT_RATE = {GENERAL: Fraction(13, 100), SMALL_SCALE: Fraction(1, 100)}
#: Kind of an entry -> role of its contra account where no `detail` says otherwise.
KIND_ROLES = {
    "fee": "fee", "commission": "comm", "shipping": "freight", "tax": "fee", "interest": "intinc", "deposit": "deposit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoneyAccount:
    """What is known of a bank account or wallet, keyed `family:number` (a number may be its last four digits or more).

    scope: `all` books every line (default of wallets), `channel` only channel money (default of banks), None: default.
    """

    code: str | None = None
    scope: str | None = None


@dataclass(frozen=True)
class Profile:
    """The posting rules of one company.

    Attributes:
        standard: `asbe` (企业会计准则) or `small` (小企业会计准则).
        taxpayer: `general` or `small_scale`.
        vat: shop -> rate as a fraction (13/100); `default` holds for the others, else the usual rate of the taxpayer.
        revenue_date: a sale is recognised when `confirmed` (default), `paid` or `shipped`.
        revenue_from: `orders`, or `payment` where no order files exist.
        tax_split: `per_order` or `per_group` (on the sum of each voucher).
        grain: one voucher per `day`, `order` or `period`.
        accounts: role -> account code, before the chart's default.
        details: a charge's own name -> role.
        money: `family:number` -> code and scope.
        customers: shop -> the customer its receivables stand under.
        closed_periods: months (2026-10) nothing is drafted into.
        assumed: nobody has configured this profile.

    Raises:
        ValueError: a role that the chart does not know, or a value that a field does not take.
    """

    standard: str = ASBE
    taxpayer: str = GENERAL
    vat: Mapping[str, Fraction] = field(default_factory=dict)
    revenue_date: str = "confirmed"
    revenue_from: str = "orders"
    tax_split: str = "per_order"
    grain: str = "day"
    word: str = "记"
    number_from: int = 1
    maker: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    money: Mapping[str, MoneyAccount] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    closed_periods: frozenset[str] = frozenset()
    assumed: bool = False

    def __post_init__(self) -> None:
        unknown = sorted((set(self.accounts) | set(self.details.values())) - set(ROLES))
        if unknown:
            raise ValueError(f"no such role: {', '.join(unknown)}; roles are {', '.join(ROLES)}")
        for field_, value, known in (
            ("standard", self.standard, (ASBE, SMALL)),
            ("taxpayer", self.taxpayer, (GENERAL, SMALL_SCALE)),
            ("revenue_date", self.revenue_date, ("confirmed", "paid", "shipped")),
            ("revenue_from", self.revenue_from, ("orders", "payment")),
            ("tax_split", self.tax_split, ("per_order", "per_group")),
            ("grain", self.grain, ("day", "order", "period")),
        ):
            if value not in known:
                raise ValueError(f"{field_} is one of {', '.join(known)}, not {value!r}")

    def code(self, role: str) -> str | None:
        """Return the account code of a role, None where the standard has none."""
        return self.accounts.get(role) or ROLES[role].code(self.standard)

    def title(self, role: str, lang: str) -> str:
        """Return the name of a role's account, zh or en.

        A role that was moved to a level-1 account of another role has that one's name: those numbers are official.
        """
        code, named = self.code(role), ROLES[role]
        if code != named.code(self.standard) and code is not None and code.isdigit():
            named = next((other for other in ROLES.values() if other.code(self.standard) == code), named)
        return named.en if lang == "en" else named.zh

    def rate(self, shop: str) -> Fraction:
        """Return the VAT rate of a shop."""
        return self.vat.get(shop, self.vat.get("default", DEFAULT_RATE[self.taxpayer]))

    @property
    def output_tax(self) -> str:
        """The role that output VAT is posted to."""
        return "vout" if self.taxpayer == GENERAL else "vsmall"

    @property
    def advance(self) -> str:
        """The role of money that came before the sale: contract liability, or advances under the small standard."""
        return "cl" if self.standard == ASBE else "prepay"

    @property
    def advance_is_net(self) -> bool:
        """Whether VAT is taken out of an advance: only a general payer under ASBE keeps 待转销项税额."""
        return self.standard == ASBE and self.taxpayer == GENERAL

    def charge_role(self, kind: str, detail: str) -> tuple[str, bool]:
        """Return the role of a charge or benefit, and whether its own name decided it."""
        named = self.details.get(detail) or DETAILS.get(detail)
        return (named, True) if named else (KIND_ROLES.get(kind, "fee"), False)

    def customer(self, shop: str) -> str:
        """Return the customer that a shop's receivables stand under."""
        return self.customers.get(shop, shop)
