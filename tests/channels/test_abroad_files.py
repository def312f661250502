"""Real files of Amazon and Shopify against what a person read; found where `RECON_REAL_FILES` names their folder.

Of each Amazon settlement the rows add up to its total-amount: its entries, the payout among them, to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from recon.channels.spec import Spec
from tests.channels.real_answers import Read, Refused, answer_of, files_below

FOLDERS = ("amazon", "shopify")
ANSWERS: dict[str, list[Read | Refused]] = {
    "amazon/50011020300.txt": [Read("amazon.settlement.old", 4, 4, 0, 0, "ok", "none", 0)],
    "amazon/50034020328.txt": [Read("amazon.settlement.old", 190, 151, 39, 0, "ok", "none", 0)],
    "amazon/50044020356.txt": [Read("amazon.settlement.old", 730, 574, 156, 0, "ok", "none", 0)],
    "amazon/50065020384.txt": [Read("amazon.settlement.old", 1245, 958, 287, 0, "ok", "none", 0)],
    "shopify/payment_transactions_export_1.csv": [Read("shopify.payments", 1593, 1593, 0, 0, "none", "none", 14580886)],
    "shopify/shopify_orders_sample.csv": [Read("shopify.orders", 249, 127, 122, 0, "none", "none", 1463925)],
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_real_file_gives_what_a_person_reads(name: str, specs: Mapping[str, Spec]) -> None:
    path = files_below("platforms").get(name)
    if path is None:
        pytest.skip("no real files here")
    assert answer_of(path, specs) == ANSWERS[name]


def test_every_real_file_has_an_answer() -> None:
    found = {name for name in files_below("platforms") if name.startswith(FOLDERS)}
    assert found <= set(ANSWERS)
