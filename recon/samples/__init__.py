"""Realistic cases with known truth: inboxes in the true layouts, and the findings that were planted in them.

Imports nothing of channels, matching or breaks: what a case expects comes from the events that were planted,
never from a run of the program that it tests. Same case, seed and number of orders: same files.
"""

from pathlib import Path
from typing import Final

from recon.samples import douyin, taobao, wechat

CASES: Final = ("taobao-alipay-bank", "wechat-shop", "douyin")
MINIMUM: Final = 60
"""Orders that a case needs so that every plant has an order of its own and fee rules can be learned (20 rows)."""

_WRITERS: Final = {"taobao-alipay-bank": taobao.write, "wechat-shop": wechat.write, "douyin": douyin.write}


def write_case(case: str, seed: int, orders: int, folder: Path) -> None:
    """Write `inbox/` and `expected/` of one case into `folder`, which is made if it is not there.

    Args:
        case: one of `CASES`.
        seed: any whole number from 0; the same seed gives the same files.
        orders: how many rows the order files hold, at least `MINIMUM`.
        folder: the case folder; files of an earlier writing are replaced.

    Raises:
        ValueError: an unknown case, or too few orders.
    """
    if case not in _WRITERS:
        raise ValueError(f"unknown case {case!r}; one of {', '.join(CASES)}")
    if orders < MINIMUM:
        raise ValueError(f"{orders} orders are too few; at least {MINIMUM}")
    (folder / "inbox").mkdir(parents=True, exist_ok=True)
    _WRITERS[case](seed, orders, folder)
