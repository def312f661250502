"""Real files of platforms against what a person read in them; found where `RECON_REAL_FILES` names their folder.

Of each Amazon settlement the rows add up to its total-amount: its entries, the payout among them, to nothing.
"""

from __future__ import annotations

from tests.channels.real_answers import Read, Refused

ANSWERS: dict[str, list[Read | Refused]] = {
    "amazon/50011020300.txt": [Read("amazon.settlement.old", 4, 4, 0, 0, "ok", "none", 0)],
    "amazon/50034020328.txt": [Read("amazon.settlement.old", 190, 151, 39, 0, "ok", "none", 0)],
    "amazon/50044020356.txt": [Read("amazon.settlement.old", 730, 574, 156, 0, "ok", "none", 0)],
    "amazon/50065020384.txt": [Read("amazon.settlement.old", 1245, 958, 287, 0, "ok", "none", 0)],
    # One demonstration row: 1266.52 in, 396.88 out. A balance of one row chains to nothing.
    "jd/jdbill.xls": [Read("jd.wallet", 1, 1, 0, 0, "none", "none", 86964)],
    "shopify/payment_transactions_export_1.csv": [Read("shopify.payments", 1593, 1593, 0, 0, "none", "none", 14580886)],
    "shopify/shopify_orders_sample.csv": [Read("shopify.orders", 249, 127, 122, 0, "none", "none", 1463925)],
    "taobao/cainiao_order.xls": [Read("cainiao.fees", 0, 0, 0, 0, "none", "none", 0)],  # a header without rows
}
