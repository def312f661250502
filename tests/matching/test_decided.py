"""What people decided: matches that hold, declines that never return, and decisions that rest and say so."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.errors import UsageFault
from recon.ledger.decisions import Decision, Decisions
from recon.ledger.merge import merge
from recon.ledger.outcome import GATEWAY_BANK, ORDER_GATEWAY, Outcome
from recon.ledger.statement import Statement
from recon.matching.tolerance import Tolerance
from recon.outputs.conservation import prove
from tests.ledger.make import (
    ALI,
    BANK,
    BATCH,
    DOU,
    FLOW,
    OWN,
    TRADE,
    back,
    credit,
    ends,
    findings,
    matches,
    pay,
    payout,
    refund,
    row,
    run,
    sale,
    statement,
    waiting,
)  # fmt: skip
from tests.test_pipeline import dices, few, files, same, worlds

MONTH = ("08-01", "11-30")
ZFB = "支付宝(中国)网络技术有限公司"
BY_HAND = ("by-decision", "proved", "decision")


def at(*statements: Statement) -> dict[tuple[str, int, str], str]:
    """Channel, amount and first reference of each entry -> its id."""
    entries = merge(statements)[0]
    refs = zip(entries["order_ref"], entries["payment_ref"], entries["line_ref"], strict=True)
    firsts = [next((str(r) for r in those if isinstance(r, str)), "") for those in refs]
    rows = zip(entries["channel"].astype(str), entries["amount"], firsts, entries["entry_id"], strict=True)
    return {(channel, int(amount), ref): str(entry) for channel, amount, ref, entry in rows}


def match(*entries: str, line: int = 2, **more: Any) -> Decision:
    return Decision(line, tuple(sorted(entries)), **more)


def decided(matches: Sequence[Decision] = (), declines: Sequence[Decision] = ()) -> Decisions:
    return Decisions(tuple(matches), tuple(declines))


def orders(*rows: Any, channel: str = OWN) -> Statement:
    """An order list; two orders that nobody paid show which days it covers."""
    edges = [sale(f"EDGE{day}", 0, day, state="closed", sub=f"EDGE{day}") for day in ("10-01", "10-31")]
    return statement(channel, [*rows, *edges])


def alipay(*rows: Any) -> Statement:
    return statement(ALI, list(rows), period=MONTH)


def bank(*rows: Any) -> Statement:
    return statement(BANK, list(rows), period=MONTH)


def checked(*statements: Statement, **more: Any) -> Outcome:
    outcome = run(*statements, **{"as_of": "10-31"} | more)
    assert all(line.difference == 0 for line in prove(outcome).legs)
    return outcome


def test_a_match_ties_what_no_number_ties() -> None:
    both = orders(sale("A", 500, "10-05")), alipay(pay("X", 500, "10-20"))
    assert findings(checked(*both)) == [("missing_payment", 500, 0), ("unknown_payment", 0, 500)]
    ids = at(*both)
    outcome = checked(*both, decided=decided([match(ids[OWN, 500, "A"], ids[ALI, 500, "X"])]))
    assert findings(outcome) == []
    assert matches(outcome) == [(*BY_HAND, 2)]
    assert outcome.matches["explanation"][0] == "order 5.00 = received 5.00; decided by a person"
    assert outcome.notes == ()


def test_a_match_takes_many_and_what_lies_under_their_numbers() -> None:
    """Two orders, two payments of which one meets its own order, a fee on the same number."""
    listed = orders(sale("A", 500, "10-05"), sale("B", 300, "10-05"))
    money = alipay(pay("A", 200, "10-05"), pay("X", 600, "10-06"), row("fee", -3, "10-06", order="X", payment="PX"))
    ids = at(listed, money)
    named = ids[OWN, 500, "A"], ids[OWN, 300, "B"], ids[ALI, 600, "X"]
    outcome = checked(listed, money, decided=decided([match(*named)]))
    assert matches(outcome, ORDER_GATEWAY) == [(*BY_HAND, 5)]


@pytest.mark.parametrize(("paid", "tolerance", "code"), [(499, 0, True), (499, 1, False), (501, 0, True)])
def test_nobody_hides_money_by_matching(paid: int, tolerance: int, code: bool) -> None:
    both = orders(sale("A", 500, "10-05")), alipay(pay("X", paid, "10-05"))
    ids = at(*both)
    one = match(ids[OWN, 500, "A"], ids[ALI, paid, "X"], owner="Li", note="phoned the buyer")
    outcome = checked(*both, decided=decided([one]), tolerance=Tolerance(tolerance))
    if not code:
        assert matches(outcome) == [(*BY_HAND, 2)]
        assert outcome.matches["residual_reason"].tolist() == ["tolerance"]
        return
    assert findings(outcome) == [("amount_mismatch", 500, paid)]
    found = outcome.findings.iloc[0]
    assert (found["status"], found["decision"], found["owner"], found["note"]) == (
        "open", "match", "Li", "phoned the buyer",
    )  # fmt: skip


def test_a_declined_pair_of_one_number_comes_apart_with_the_fee_of_its_row() -> None:
    listed = orders(sale("A", 500, "10-05"), sale("B", 500, "10-05"))
    rows = [
        pay("A", 500, "10-05", source_row=2),
        row("fee", -3, "10-05", order="A", payment="PA", source_row=2),
        pay("B", 500, "10-05"),
    ]
    money = alipay(*rows)
    ids = at(listed, money)
    outcome = checked(listed, money, decided=decided(declines=[match(ids[OWN, 500, "A"], ids[ALI, 500, "A"])]))
    assert findings(outcome) == [("missing_payment", 500, 0), ("unknown_payment", 0, 500)]
    assert matches(outcome) == [("by-order-number", "proved", "key", 2)]
    owned = outcome.finding_rows[outcome.finding_rows["owned"]]
    assert len(owned) == 3
    assert outcome.findings["decision"].tolist() == ["decline", "decline"]


def test_what_a_match_ties_to_declined_money_leaves_with_it() -> None:
    """Two lists count from 1: the money of number 7 is the second shop's, and the first shop's is unpaid."""
    listed = statement(OWN, [sale("7", 500, "10-05", shop="s")], period=MONTH, file="s.csv")
    other = statement(OWN, [sale("7", 400, "10-05", shop="t", key="t7")], account="t", period=MONTH, file="t.csv")
    money = alipay(pay("7", 400, "10-05"))
    ids = at(listed, other, money)
    mine, yours, paid = ids[OWN, 500, "7"], ids[OWN, 400, "7"], ids[ALI, 400, "7"]
    told = decided([match(yours, paid)], [match(mine, paid, line=3)])
    outcome = checked(listed, other, money, decided=told)
    assert findings(outcome) == [("missing_payment", 500, 0)]
    assert matches(outcome) == [(*BY_HAND, 2)]


def test_declining_one_movement_of_a_row_leaves_the_others() -> None:
    listed = orders(sale("D", 500, "10-01", sub="D-1", done="10-03"), channel=DOU)
    flow = [
        row("payment", 500, "10-09", order="D", sub="D-1", line="F", source_row=2),
        row("subsidy", 90, "10-09", order="D", sub="D-1", line="F", source_row=2),
        row("refund", -500, "10-09", order="D", sub="D-1", line="F", refund="C", source_row=2),
    ]
    money = statement(FLOW, flow, period=MONTH)
    ids = at(listed, money)
    told = decided(declines=[match(ids[DOU, 500, "D"], ids[FLOW, 500, "D"])])
    where = ends(checked(listed, money, decided=told))
    assert where[ids[FLOW, 500, "D"]] == where[ids[FLOW, 90, "D"]] == ["order-gateway: unknown_payment"]
    assert where[ids[FLOW, -500, "D"]] != where[ids[FLOW, 500, "D"]]


def test_a_suggestion_that_was_declined_never_returns() -> None:
    both = orders(sale("A", 500, "10-05")), alipay(pay(None, 500, "10-05", payment="P1"))
    assert findings(checked(*both)) == [("suggested", 500, 500)]
    ids = at(*both)
    told = decided(declines=[match(ids[OWN, 500, "A"], ids[ALI, 500, "P1"])])
    assert findings(checked(*both, decided=told)) == [("missing_payment", 500, 0), ("unknown_payment", 0, 500)]


def test_what_a_decline_leaves_over_may_still_be_paired() -> None:
    """Two orders and two payments are a pool; without one pair the other two pairs are forced."""
    listed = orders(sale("A", 500, "10-05"), sale("B", 500, "10-05"))
    money = alipay(pay(None, 500, "10-05", payment="P1"), pay(None, 500, "10-05", payment="P2"))
    ids = at(listed, money)
    told = decided(declines=[match(ids[OWN, 500, "A"], ids[ALI, 500, "P1"])])
    outcome = checked(listed, money, decided=told)
    assert findings(outcome) == [("suggested", 500, 500), ("suggested", 500, 500)]
    apart(outcome, told)


def test_a_pool_never_holds_a_declined_pair() -> None:
    listed = orders(*(sale(name, 500, "10-05") for name in "ABC"))
    money = alipay(*(pay(None, 500, "10-05", payment=f"P{n}") for n in range(3)))
    ids = at(listed, money)
    told = decided(declines=[match(ids[OWN, 500, "A"], ids[ALI, 500, "P0"])])
    outcome = checked(listed, money, decided=told)
    assert findings(outcome) == [("ambiguous", 1500, 1000), ("unknown_payment", 0, 500)]
    apart(outcome, told)
    every = [match(ids[OWN, 500, name], ids[ALI, 500, f"P{n}"], line=n) for n, name in enumerate("ABC")]
    outcome = checked(listed, money, decided=decided(declines=every))
    assert findings(outcome) == [("missing_payment", 500, 0)] * 3 + [("unknown_payment", 0, 500)] * 3


def test_a_decided_key_takes_no_part_in_the_search() -> None:
    """Its refund without a number is not looked for; a person may name it too."""
    listed = orders(sale("A", 500, "10-05"), back("A", 100, "10-06"))
    money = alipay(pay("X", 500, "10-05"), refund(None, 100, "10-06", payment="P1"))
    ids = at(listed, money)
    first = ids[OWN, 500, "A"], ids[ALI, 500, "X"]
    outcome = checked(listed, money, decided=decided([match(*first)]))
    assert findings(outcome) == [("missing_refund", -100, 0), ("unknown_refund", 0, -100)]
    whole = match(*first, ids[ALI, -100, "P1"])
    assert matches(checked(listed, money, decided=decided([whole]))) == [(*BY_HAND, 4)]


def test_payouts_and_credits() -> None:
    both = alipay(payout(500, "10-08", line="W1")), bank(credit(499, "10-20", "谁", line="c"))
    assert findings(checked(*both)) == [("missing_payout", 500, 0), ("unknown_receipt", 0, 499)]
    ids = at(*both)
    told = decided([match(ids[ALI, -500, "W1"], ids[BANK, 499, "c"])])
    assert findings(checked(*both, decided=told)) == [("payout_mismatch", 500, 499)]
    equal = alipay(payout(500, "10-08", line="W1")), bank(credit(500, "10-20", "谁", line="c"))
    ids = at(*equal)
    told = decided([match(ids[ALI, -500, "W1"], ids[BANK, 500, "c"])])
    outcome = checked(*equal, decided=told)
    assert matches(outcome, GATEWAY_BANK) == [(*BY_HAND, 2)]
    assert findings(outcome, information=True) == [("late_settlement", 500, 500)]


def test_a_line_of_a_day_stands_for_its_foot() -> None:
    """Two credits pay one day; the decision names one payment of it, and the order leg goes its own way."""
    bill = statement(TRADE, [pay("A", 500, "10-08"), pay("B", 300, "10-08")], period=MONTH)
    lines = bank(credit(700, "10-09", "谁", line="c"), credit(100, "10-10", "谁", line="d"))
    ids = at(bill, lines)
    named = ids[TRADE, 500, "A"], ids[BANK, 700, "c"], ids[BANK, 100, "d"]
    outcome = checked(bill, lines, decided=decided([match(*named)]))
    assert matches(outcome, GATEWAY_BANK) == [(*BY_HAND, 4)]
    assert outcome.notes == ()


def test_one_payout_matched_and_declined_through_two_of_its_lines_rests() -> None:
    bill = statement(TRADE, [pay("A", 500, "10-08"), pay("B", 300, "10-08")], period=MONTH)
    lines = bank(credit(800, "10-09", "谁", line="c"))
    ids = at(bill, lines)
    the_credit = ids[BANK, 800, "c"]
    told = decided([match(ids[TRADE, 500, "A"], the_credit)], [match(ids[TRADE, 300, "B"], the_credit, line=3)])
    outcome = checked(bill, lines, decided=told)
    assert matches(outcome, GATEWAY_BANK) == []
    assert outcome.notes == ("decision on line 2: another line declines the same payout",)


def test_a_credit_that_its_text_excludes_is_followed_too() -> None:
    both = alipay(payout(500, "10-08", line="W1")), bank(credit(500, "10-08", "利息", line="c"))
    ids = at(*both)
    told = decided([match(ids[ALI, -500, "W1"], ids[BANK, 500, "c"])])
    assert matches(checked(*both, decided=told), GATEWAY_BANK) == [(*BY_HAND, 2)]


def test_a_payout_and_its_return_need_no_credit() -> None:
    both = alipay(payout(500, "10-08", line="W1"), payout(-500, "10-30", line="W2")), bank()
    ids = at(*both)
    told = decided([match(ids[ALI, -500, "W1"], ids[ALI, 500, "W2"])])
    assert matches(checked(*both, decided=told)) == [(*BY_HAND, 2)]
    assert matches(checked(alipay(payout(500, "10-08", line="W1"), payout(-500, "10-12", line="W2")), bank())) != []
    near = alipay(payout(500, "10-08", line="W1"), payout(-500, "10-12", line="W2"))
    ids = at(near)
    told = decided(declines=[match(ids[ALI, -500, "W1"], ids[ALI, 500, "W2"])])
    assert matches(checked(near, bank(), decided=told)) == []


NUMBERED = {"batch": "20261008000001"}


@pytest.mark.parametrize(
    ("payouts", "texts", "pairs", "expected"),
    [
        ([{}], [ZFB], [(0, 0)], ["missing_payout", "unknown_receipt"]),
        ([NUMBERED], ["20261008000001"], [(0, 0)], ["missing_payout", "unknown_receipt"]),
        ([{}], [""], [(0, 0)], ["missing_payout", "unknown_receipt"]),
        ([{}, {}], [ZFB, ZFB], [(0, 0)], ["ambiguous", "unknown_receipt"]),
        ([{}, {}], ["", ""], [(1, 1)], ["ambiguous", "unknown_receipt"]),
        ([NUMBERED], ["20261008000001", "20261008000001"], [(0, 1)], ["unknown_receipt"]),
    ],
)  # fmt: skip
def test_a_declined_credit_never_returns(
    payouts: list[dict[str, Any]], texts: list[str], pairs: list[tuple[int, int]], expected: list[str]
) -> None:
    sent = alipay(*(payout(500, "10-08", line=f"W{n}", **more) for n, more in enumerate(payouts)))
    lines = bank(*(credit(500, "10-09", text, line=f"c{n}") for n, text in enumerate(texts)))
    entries = merge([sent, lines])[0]
    names = dict(zip(entries["line_ref"].astype(str), entries["entry_id"].astype(str), strict=True))
    told = decided(declines=[match(names[f"W{n}"], names[f"c{m}"], line=n) for n, m in pairs])
    outcome = checked(sent, lines, decided=told)
    apart(outcome, told)
    assert [code for code, _, _ in findings(outcome)] == expected


def test_a_declined_foot_of_a_day_is_not_the_credits() -> None:
    bill = statement(TRADE, [pay("A", 500, "10-08")], period=MONTH)
    lines = bank(credit(500, "10-09", "财付通 1009_1900000109", line="c"))
    ids = at(bill, lines)
    assert matches(checked(bill, lines), GATEWAY_BANK) == [("by-day", "proved", "structure", 2)]
    told = decided(declines=[match(ids[TRADE, 500, "A"], ids[BANK, 500, "c"])])
    outcome = checked(bill, lines, decided=told)
    assert matches(outcome, GATEWAY_BANK) == []
    apart(outcome, told)


def test_what_cannot_be_followed_rests_and_says_so() -> None:
    listed = orders(sale("A", 500, "10-05"), sale("B", 1, "10-30"))
    money = alipay(pay("X", 500, "10-05"), pay("Y", 7, "10-31"), pay("U", 5, "10-05", currency="USD"))
    lines = bank(credit(9, "10-05", "谁", line="c"))
    ids = at(listed, money, lines)
    told = decided(
        [
            match(ids[OWN, 500, "A"], "00", line=2),
            match(ids[OWN, 1, "B"], ids[ALI, 7, "Y"], line=3),
            match(ids[ALI, 500, "X"], ids[ALI, 5, "U"], line=4),
        ],
        [match(ids[OWN, 500, "A"], ids[BANK, 9, "c"], line=5), match("00", "11", line=6)],
    )
    outcome = checked(listed, money, lines, decided=told, as_of="10-30")
    assert outcome.notes == (
        "decision on line 2: 1 of 2 entries not in these files",
        "decision on line 3: 1 of 2 entries take no part",
        "decision on line 4: its entries are of several currencies",
        "decision on line 5: it names one side only",
        "decision on line 6: 2 of 2 entries not in these files",
    )
    assert matches(outcome) == []
    chinese = checked(listed, money, lines, decided=told, as_of="10-30", lang="zh").notes
    assert chinese[0] == "第 2 行的决定：2 条分录中有 1 条不在这些文件里"


def test_what_was_declined_clears_nothing_after_as_of_either() -> None:
    listed = orders(sale("A", 500, "10-05"))
    money, lines = alipay(pay("A", 500, "10-06"), payout(500, "10-05", line="W1")), bank(credit(500, "10-06", ZFB))
    late = run(listed, money, lines, as_of="10-05")
    assert [rule for _, _, _, rule in waiting(late)] == ["cleared on 2026-10-06"] * 2
    ids = at(listed, money, lines)
    pairs = [
        match(ids[OWN, 500, "A"], ids[ALI, 500, "A"], line=2),
        match(ids[ALI, -500, "W1"], ids[BANK, 500, ""], line=3),
    ]
    outcome = checked(listed, money, lines, decided=decided(declines=pairs), as_of="10-05")
    assert [rule for _, _, _, rule in waiting(outcome)] == [
        "0–3 working days (CN) after the payout",
        "0–1 days after payment",
    ]
    assert outcome.notes == (
        "decision on line 2: 1 of 2 entries take no part",
        "decision on line 3: 1 of 2 entries take no part",
    )


def test_a_match_and_a_decline_of_one_pair_are_refused() -> None:
    both = orders(sale("A", 500, "10-05")), alipay(pay("X", 500, "10-05"))
    ids = at(*both)
    pair = ids[OWN, 500, "A"], ids[ALI, 500, "X"]
    with pytest.raises(UsageFault, match=r"decisions\.csv:3: entry_ids = '.*;.*': declines a pair that line 2 matches"):
        run(*both, decided=decided([match(*pair)], [match(*pair, line=3)]))


# Laws over random worlds.


def apart(outcome: Outcome, told: Decisions) -> None:
    """No declined pair of two sides shares a match, or a set that is suggested or ambiguous."""
    ids = outcome.entries["entry_id"].to_numpy(dtype=object)
    side = dict(zip(ids, outcome.entries["side"].astype(str), strict=True))
    codes = outcome.findings.set_index("finding")["code"]
    members = outcome.members.groupby("match")["row"].apply(lambda rows: frozenset(ids[rows])).tolist()
    owned = outcome.finding_rows[outcome.finding_rows["owned"]]
    open_sets = owned[owned["finding"].map(codes).isin(["suggested", "ambiguous"])]
    members += open_sets.groupby("finding")["row"].apply(lambda rows: frozenset(ids[rows])).tolist()
    pairs = {
        (one, other)
        for line in told.declines
        for one in line.entries
        for other in line.entries
        if one in side and other in side and side[one] != side[other]
    }
    assert not [(pair, those) for pair in pairs for those in members if those.issuperset(pair)]


def loosened(found: Any, dice: Random) -> Any:
    """Some money prints no number, and many orders and payments look alike."""
    for channel in (TRADE, ALI, BATCH):
        found[channel] = [
            one | {"order_ref": None} if dice.random() < 0.4 and one["kind"] == "payment" else one
            for one in found[channel]
        ]
    for n in range(dice.randint(0, 4)):
        found[OWN].append(sale(f"E{n}", 990, "10-10", shop="s"))
    for n in range(dice.randint(0, 4)):
        found[ALI].append(pay(None, 990, "10-10", payment=f"E{n}"))
    return found


def random_decisions(entries: Any, dice: Random) -> Decisions:
    """Matches of two to four entries, each in one at most, and declines; half of both name what looks related."""
    ids = [str(entry) for entry in entries["entry_id"]]
    amount = dict(zip(ids, entries["amount"].abs(), strict=True))
    number = {e: r if isinstance(r, str) else e for e, r in zip(ids, entries["order_ref"], strict=True)}

    def some(free: list[str]) -> tuple[str, ...]:
        first = dice.choice(free)
        near = [e for e in free if amount[e] == amount[first] or number[e] == number[first]]
        pool = near if dice.random() < 0.5 else free
        return (first, *dice.sample(pool, min(len(pool), dice.choice([1, 1, 2, 4]))))

    free, matched = list(ids), []
    for line in range(dice.randint(0, 4)):
        if free and len(set(named := some(free))) > 1:
            matched.append(match(*set(named), line=line + 2))
            free = [e for e in free if e not in named]
    declines: list[Decision] = []
    for line in range(dice.randint(0, 6) if ids else 0):
        named = set(some(ids))
        if len(named) > 1 and not any(len(named & {*one.entries}) > 1 for one in matched):
            declines.append(match(*named, line=line + 20))
    return decided(matched, declines)


loose_worlds = st.tuples(worlds, dices).map(lambda both: loosened(*both))


def by_hand(outcome: Outcome) -> set[tuple[str, frozenset[str]]]:
    ids = outcome.entries["entry_id"].to_numpy(dtype=object)
    members = outcome.members.groupby("match")["row"].apply(lambda rows: frozenset(ids[rows]))
    found = outcome.matches[outcome.matches["basis"].astype(str) == "decision"]
    return {(str(leg), members[m]) for m, leg in zip(found["match"], found["leg"], strict=True)}


@settings(few, max_examples=30)
@given(loose_worlds, dices)
def test_it_foots_and_keeps_apart_whatever_is_decided(found: Any, dice: Random) -> None:
    built = files(found)
    told = random_decisions(merge(built)[0], dice)
    outcome = checked(*built, decided=told)
    apart(outcome, told)


@few
@given(loose_worlds, dices, dices)
def test_no_order_of_rows_and_no_name_of_files_undoes_a_decision(found: Any, dice: Random, other: Random) -> None:
    told = random_decisions(merge(files(found))[0], dice)
    same(run(*files(found), decided=told), run(*files(found, other), decided=told))


@settings(few, max_examples=20)
@given(loose_worlds, dices)
def test_another_file_changes_no_decided_match(found: Any, dice: Random) -> None:
    """Rows without a number that would fit any order, and credits that would fit any payout."""
    built = files(found)
    told = random_decisions(merge(built)[0], dice)
    amounts = sorted({abs(one["amount"]) for rows in found.values() for one in rows})
    more = [pay(None, amount, f"10-{day:02d}", payment=f"Z{amount}") for amount in amounts for day in (5, 20)]
    later = [credit(amount, "10-20", "支付宝(中国)网络", line=f"z{amount}") for amount in amounts]
    extra = (
        statement(ALI, more, file="more.csv", period=MONTH),
        statement(BANK, later, file="credits.csv", account="6333", period=MONTH),
    )
    before, after = checked(*built, decided=told), checked(*built, *extra, decided=told)
    assert by_hand(before) <= by_hand(after)
    apart(after, told)


@settings(few, max_examples=20)
@given(loose_worlds, dices)
def test_what_is_named_together_ends_together(found: Any, dice: Random) -> None:
    """An order and a payment that a decision names are one key: no rule but the decision's matches either."""
    built = files(found)
    told = random_decisions(merge(built)[0], dice)
    outcome = checked(*built, decided=told)
    resting = {int(note.split("line ")[1].split(":")[0]) for note in outcome.notes if note.startswith("decision")}
    ids = outcome.entries["entry_id"].to_numpy(dtype=object)
    sides = dict(zip(ids, outcome.entries["side"].astype(str), strict=True))
    bases = outcome.matches.set_index("match")["basis"].astype(str)
    legs = outcome.matches.set_index("match")["leg"].astype(str)
    for one in told.matches:
        if one.line in resting or {sides[entry] for entry in one.entries} != {"order", "gateway"}:
            continue
        mine = outcome.members[[entry in one.entries for entry in ids[outcome.members["row"]]]]
        found_in = {m for m in mine["match"] if legs[m] == ORDER_GATEWAY}
        assert len(found_in) <= 1
        assert all(bases[m] == "decision" for m in found_in)
