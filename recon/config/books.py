"""recon.yaml as the vouchers know it."""

from __future__ import annotations

from fractions import Fraction

from recon.config.model import Config
from recon.vouchers.profile import MoneyAccount, Profile


def profile(config: Config) -> Profile:
    """Return how the company keeps its books; the defaults, said to be assumed, where it has not told."""
    postings, write_off = config.postings, config.tolerances.write_off
    accounts = dict(postings.accounts)
    if write_off is not None and write_off.account:
        accounts["rounding"] = write_off.account
    return Profile(
        standard=postings.standard,
        taxpayer=postings.taxpayer,
        vat={shop: Fraction(rate) for shop, rate in postings.vat.items()},
        revenue_date=postings.revenue_date,
        revenue_from=postings.revenue_from,
        tax_split=postings.tax_split,
        grain=postings.grain,
        word=postings.word,
        number_from=postings.number_from,
        maker=postings.maker or "",
        accounts=accounts,
        details=postings.details,
        money={key: MoneyAccount(account.code, account.scope) for key, account in config.accounts.items()},
        customers={name: shop.customer for name, shop in config.shops.items() if shop.customer},
        closed_periods=frozenset(config.closed_periods),
        assumed=config.assumed,
    )
