"""A wallet is named by its own number or name, as a word of its own."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from recon.ledger.naming import wallets_named
from recon.ledger.view import BANK
from tests.ledger.make import ALI, credit, ledger, payout, statement
from tests.ledger.make import BANK as BANK_FILE


@pytest.mark.parametrize(
    ("account", "text", "named"),
    [
        ("1900000109", "1009_1900000109", True),
        ("1900000109", "21900000109", False),
        ("RAZORPAY", "NEFT-Razorpay-UTR1", True),
        ("RAZORPAY", "RAZORPAYMENTS", False),
        ("拉卡拉", "收拉卡拉支付款", False),  # three characters: too short
        ("拉卡拉支付", "收 拉卡拉支付 款", True),
        ("20261008", "on 20261008", False),  # may be a day
        ("A+B (C)", "from A+B (C) today", True),
        ("ali.cash:default", "ali.cash:default", False),  # nobody has named it
    ],
)
def test_a_wallet_is_named_by_a_word_of_its_own(account: str, text: str, named: bool) -> None:
    files = [statement(ALI, [payout(5, "10-08")], account=account), statement(BANK_FILE, [credit(5, "10-09", text)])]
    view = ledger(*files)
    rows = np.flatnonzero(view.side == BANK)
    found = wallets_named(view, rows, pa.array([text]))
    wallet = view.accounts.index(f"ali:{account}")
    assert found == ({int(rows[0]): frozenset({wallet})} if named else {})
