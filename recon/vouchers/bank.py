"""Bank rows -> postings: withdrawals that arrived, and what nobody explains.

A bank account in scope `channel` books only channel money: what was matched with a wallet, and lines whose text names
a channel. In scope `all` every line is booked, by its text or as suspense.
Where a wallet's statement shows no payout rows (a WeChat trade bill alone), the credit books D bank · C wallet in one
step: the wallet then stands for what the gateway still owes, and no transit is invented that no file shows.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.naming import wallets_named
from recon.ledger.outcome import BREAK, EXCLUDED, GATEWAY_BANK, IN_TRANSIT, MATCHED, Outcome
from recon.ledger.view import BANK, GATEWAY, KIND, View
from recon.vouchers.chart import DEBIT
from recon.vouchers.journal import Journal
from recon.vouchers.profile import ALL
from recon.vouchers.scope import BOOKED, FOREIGN, NO_EVENT, OUT_OF_SCOPE, Ledgered, finding_codes

_PROVED = frozenset({"payout_mismatch"})


def post_banks(
    journal: Journal,
    view: View,
    outcome: Outcome,
    accounts: tuple[Ledgered | None, ...],
    reasons: np.ndarray,
    singles: int,
) -> None:
    """Post every bank row in scope; `reasons` is brought up to date for those that are not.

    Args:
        journal: where the postings go.
        view: the ledger.
        outcome: matches and findings.
        accounts: the book accounts.
        reasons: per entry BOOKED or why it is in no voucher; changed in place.
        singles: number of findings; rows without one are kept single by `singles + row`.
    """
    rows = np.flatnonzero((view.side == BANK) & (reasons == BOOKED))
    if not len(rows):
        return
    group, index = outcome.groups(GATEWAY_BANK)
    rows = rows[~_of_foreign_money(view, rows, group, index, reasons)]
    code = _codes(outcome, group[rows], index[rows])
    whole = np.array([bool(a) and a is not None and a.scope == ALL for a in accounts])[view.account[rows]]
    names = names_channel(view, outcome, rows)
    proved = (group[rows] == MATCHED) | np.isin(code, sorted(_PROVED))
    astray = code == "wrong_account"
    plain = np.isin(view.kind[rows], (KIND["receipt"], KIND["disbursement"]))
    waiting = np.isin(group[rows], (IN_TRANSIT, EXCLUDED)) & names & plain
    undecided = np.isin(code, ("ambiguous",)) & names
    strange = ~proved & ~astray & ~waiting & ~undecided & (whole | (names & (group[rows] == BREAK)))
    known = strange & (group[rows] == EXCLUDED)
    single = np.where(group[rows] == BREAK, index[rows], singles + rows)
    _post_arrivals(journal, view, rows[proved], group, index)
    for event, chosen in (("arrival", undecided), ("opening_settlement", waiting)):
        _post(journal, view, event, rows[chosen], "transit")
    _post(journal, view, "wrong_account_received", rows[astray], "interco_p", single[astray])
    _owed_elsewhere(journal, view, rows[astray], single[astray])
    left = _post_known(journal, view, rows[known])
    strange &= ~known | np.isin(rows, left)
    incoming = view.amount[rows] >= 0
    _post(journal, view, "unknown_receipt", rows[strange & incoming], "susp_cr", single[strange & incoming])
    _post(journal, view, "unknown_debit", rows[strange & ~incoming], "susp_dr", single[strange & ~incoming])
    booked = proved | astray | waiting | undecided | strange | known
    reasons[rows[~booked]] = np.where(whole[~booked], NO_EVENT, OUT_OF_SCOPE)


def _of_foreign_money(
    view: View, rows: np.ndarray, group: np.ndarray, index: np.ndarray, reasons: np.ndarray
) -> np.ndarray:
    """Rows that received a payout in a currency that is not booked: they wait, in place, for the same reason."""
    sent = np.flatnonzero((view.side == GATEWAY) & (reasons == FOREIGN) & ((group == MATCHED) | (group == BREAK)))
    waits: np.ndarray = np.isin(index[rows] * 2 + (group[rows] == BREAK), index[sent] * 2 + (group[sent] == BREAK))
    waits &= (group[rows] == MATCHED) | (group[rows] == BREAK)
    reasons[rows[waits]] = FOREIGN
    return waits


def names_channel(view: View, outcome: Outcome, rows: np.ndarray) -> np.ndarray:
    """Whether the text of each bank row names a payer of some channel, or a wallet by its own number or name."""
    words = [pa.array(view.texts(column, rows), pa.string()) for column in ("counterparty", "memo")]
    text = pc.binary_join_element_wise(*words, " ") if len(rows) else pa.array([], pa.string())
    named = np.zeros(len(rows), dtype=bool)
    for payer in sorted({payer for facts in outcome.channels.values() for payer in facts.payers}):
        named |= pc.match_substring(text, payer).to_numpy(zero_copy_only=False)
    return named | np.isin(rows, sorted(wallets_named(view, rows, pc.utf8_normalize(text, form="NFKC"))))


def _codes(outcome: Outcome, group: np.ndarray, index: np.ndarray) -> np.ndarray:
    by_number = finding_codes(outcome)
    return np.array([by_number[i] if g == BREAK else "" for g, i in zip(group.tolist(), index.tolist(), strict=True)])


def _post(journal: Journal, view: View, event: str, rows: np.ndarray, role: str, single: np.ndarray | int = -1) -> None:
    amount, day = view.amount[rows], view.day[rows]
    journal.money(event, rows, day, view.account[rows], amount, single=single)
    journal.by_sign(event, rows, day, role, amount, single=single)


def _post_arrivals(journal: Journal, view: View, rows: np.ndarray, group: np.ndarray, index: np.ndarray) -> None:
    """D bank · C transit where the wallet shows the payout, else D bank · C wallet."""
    wallet = _wallets_without_payout(view, group, index)
    direct = np.array([(int(group[r]), int(index[r])) in wallet for r in rows.tolist()], dtype=bool)
    _post(journal, view, "arrival", rows[~direct], "transit")
    one_step = rows[direct]
    amount, day = view.amount[one_step], view.day[one_step]
    source = np.array([wallet[int(group[r]), int(index[r])] for r in one_step.tolist()], dtype=np.int64)
    journal.money("arrival", one_step, day, view.account[one_step], amount)
    journal.money("arrival", one_step, day, source, -amount)


def _wallets_without_payout(view: View, group: np.ndarray, index: np.ndarray) -> dict[tuple[int, int], int]:
    """Match or finding -> wallet account, where lines of one account stand for a payout that is no row."""
    owned = np.flatnonzero((view.side == GATEWAY) & ((group == MATCHED) | (group == BREAK)))
    found: dict[tuple[int, int], set[int]] = {}
    if len(owned):
        base = len(view.accounts) * 2
        keys = (index[owned] * 2 + (group[owned] == BREAK)) * base + view.account[owned] * 2
        keys += view.kind[owned] == KIND["payout"]
        for key in np.unique(keys).tolist():
            bundle, rest = divmod(key, base)
            name = (BREAK if bundle % 2 else MATCHED, bundle // 2)
            found.setdefault(name, set()).add(-1 if rest % 2 else rest // 2)
    return {name: held.copy().pop() for name, held in found.items() if len(held) == 1 and -1 not in held}


def _owed_elsewhere(journal: Journal, view: View, rows: np.ndarray, single: np.ndarray) -> None:
    """The other half of a payout that reached another bank account: owed by it, no longer in transit."""
    amount, day = view.amount[rows], view.day[rows]
    journal.by_sign("wrong_account_owed", rows, day, "interco", -amount, single=single)
    journal.by_sign("wrong_account_owed", rows, day, "transit", amount, single=single)


def _post_known(journal: Journal, view: View, rows: np.ndarray) -> np.ndarray:
    """Post bank fees, interest and taxes that the text names; return the rows that no rule books."""
    left = np.ones(len(rows), dtype=bool)
    for kind, event, role in (("fee", "fee", "fee"), ("interest", "interest", "intinc"), ("tax", "tax", "vunpaid")):
        mine = view.kind[rows] == KIND[kind]
        left &= ~mine
        some = rows[mine]
        amount, day = view.amount[some], view.day[some]
        journal.money(event, some, day, view.account[some], amount)
        if kind == "fee":
            journal.post(event, some, day, role, DEBIT, -amount)
        else:
            journal.by_sign(event, some, day, role, amount)
    return rows[left]
