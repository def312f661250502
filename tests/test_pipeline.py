"""Laws of a whole run over small random worlds: it foots, knows no order, and files handed in twice change nothing.

A world is a month of orders, their money in two wallets (one with a trade and a cash book), withdrawals and what
reached the bank; then accidents happen to it: rows are lost, doubled, changed, moved.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recon.ledger.outcome import Outcome
from recon.ledger.statement import Statement
from recon.matching.tolerance import Tolerance
from recon.outputs.conservation import prove
from tests.ledger.make import (
    ALI,
    BANK,
    BATCH,
    DOU,
    FLOW,
    FUND,
    NUMBER,
    OWN,
    TAO,
    TRADE,
    Row,
    back,
    credit,
    pay,
    payout,
    refund,
    row,
    run,
    sale,
    statement,
)  # fmt: skip

few = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
World = dict[str, list[Row]]
NAMES = {
    OWN: "orders.csv", TAO: "tao.csv", DOU: "dou.csv", TRADE: "trade.csv", FUND: "fund.csv", ALI: "ali.csv",
    FLOW: "flow.csv", BATCH: "batch.csv", BANK: "bank.csv",
}  # fmt: skip


def october(number: int) -> str:
    return f"10-{number:02d}"


def world(dice: Random) -> World:
    """A month without accidents."""
    found: World = {name: [] for name in NAMES}
    for n in range(dice.randint(1, 6)):
        _order(found, dice, f"A{n}", OWN, dice.choice([TRADE, ALI, BATCH]))
    for n in range(dice.randint(0, 4)):
        _order(found, dice, f"20{n:08d}", TAO, ALI)
    for n in range(dice.randint(0, 4)):
        _settled(found, dice, f"D{n}")
    for channel, words in ((ALI, "支付宝(中国)网络"), (FUND, "财付通支付科技"), (FLOW, "合众易宝"), (BATCH, "PAYCO")):
        for n in range(dice.randint(0, 3)):
            _withdrawal(found, dice, channel, words, n)
    for day in sorted({one["on"] for one in found[TRADE]}):
        if not found[FUND]:
            foot = sum(one["amount"] for one in found[TRADE] if one["on"] == day)
            found[BANK].append(
                credit(foot, _after(day, 1), f"财付通 {_after(day, 1).replace('-', '')}_{NUMBER[TRADE]}")
            )
    for n in range(dice.randint(0, 2)):
        found[BANK].append(credit(dice.choice([-900, 500, 12345]), october(dice.randint(1, 31)), f"某公司{n}"))
    return found


def _after(day: str, count: int) -> str:
    month, number = (int(part) for part in day.split("-"))
    number += count
    return f"{month:02d}-{number:02d}" if number <= 31 else f"11-{number - 31:02d}"


def _order(found: World, dice: Random, name: str, orders: str, wallet: str) -> None:
    amount, on = dice.choice([990, 1000, 5000, 123456]), dice.randint(1, 31)
    given = dice.choice([0, 0, 0, amount, amount // 2])
    money = amount
    facts: dict[str, Any] = {"shop": dice.choice(["s", "t"]), "state": "completed"}
    if orders == TAO:
        done = min(on + 2, 31)
        facts |= {"done": october(done), "released": dice.choice([amount, amount - given, None])}
        money = amount if facts["released"] is None else facts["released"]
        given_back = amount - given - money
        on_money = done
    else:
        given_back, on_money = -given, on
    found[orders].append(sale(name, amount, october(on), order_amount=amount, **facts))
    if given:
        found[orders].append(back(name, given, shop=facts["shop"]))
    line = f"L{name}"
    for channel in [wallet, FUND] if wallet == TRADE and dice.random() < 0.5 else [wallet]:
        batch = {"batch": f"B2026{on_money:04d}"} if channel == BATCH else {}
        found[channel].append(pay(name, money, october(on_money), line=line, **batch))
        found[channel].append(row("fee", -6, october(on_money), order=name, payment=f"P{name}", **batch))
        if given_back:
            day = october(min(on_money + dice.randint(0, 3), 31))
            found[channel].append(refund(name, -given_back, day, **batch))


def _settled(found: World, dice: Random, name: str) -> None:
    amount, borne, on = dice.choice([990, 5000]), dice.choice([0, 100]), dice.randint(1, 20)
    sub = f"{name}-1"
    after_sale = dice.choice(["none", "none", "partial", "full", "open"])
    found[DOU].append(sale(name, amount, october(on), sub=sub, done=october(on + 2), after_sale=after_sale))
    if borne:
        found[DOU].append(row("subsidy", borne, october(on), order=name, sub=sub, detail="p"))
    day = october(on + 2 + dice.randint(4, 9))
    found[FLOW].append(row("payment", amount, day, order=name, sub=sub, line=f"F{name}"))
    if borne:
        found[FLOW].append(row("subsidy", borne, day, order=name, sub=sub, line=f"F{name}"))
    if after_sale == "full":
        found[FLOW].append(row("refund", -amount, day, order=name, sub=sub, line=f"F{name}", refund=f"C{name}"))


def _withdrawal(found: World, dice: Random, channel: str, words: str, n: int) -> None:
    amount, on, number = dice.choice([10000, 10000, 25000, 777]), dice.randint(1, 31), f"W{channel[:2]}000000{n}"
    found[channel].append(payout(amount, october(on), batch=number if dice.random() < 0.5 else None, line=f"X{number}"))
    text = f"{words} {number}" if dice.random() < 0.4 else dice.choice([words, words, ""])
    found[BANK].append(credit(amount, _after(october(on), dice.choice([0, 1, 1, 2, 5, 20])), text))


def accidents(found: World, dice: Random) -> World:
    """Rows are lost, doubled, changed or moved to another day."""
    for channel, rows in found.items():
        kept: list[Row] = []
        for n, one in enumerate(rows):
            fate = dice.random()
            if fate < 0.1:
                continue
            wrong = {"amount": one["amount"] + dice.choice([-1, 1, 100])} if fate < 0.15 else {}
            moved = {"on": october(dice.randint(1, 31))} if fate > 0.95 and one["on"] else {}
            kept.append(one | wrong | moved)
            if 0.15 < fate < 0.2:
                kept.append(one | {"line_ref": f"again-{n}", "payment_ref": f"{one.get('payment_ref')}-{n}"})
        found[channel] = kept
    return found


def files(found: World, dice: Random | None = None) -> list[Statement]:
    """The rows as files; shuffled in their order and names where there are dice."""
    built = []
    for channel, listed in found.items():
        rows = dice.sample(listed, len(listed)) if dice else listed
        name = f"{dice.random()}" if dice else NAMES[channel]
        account = NUMBER[TRADE] if channel == FUND else None
        built.append(statement(channel, rows, file=name, account=account, sha256=f"{len(built):064x}"))
    return dice.sample(built, len(built)) if dice else built


dices = st.randoms(use_true_random=True)
worlds = dices.map(lambda dice: accidents(world(dice), dice))


def tables(outcome: Outcome) -> list[pd.DataFrame]:
    """Everything a run says, without the places in files and the running numbers."""
    ids = outcome.entries["entry_id"]

    def of(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.assign(row=ids.take(frame["row"].to_numpy()).to_numpy()) if "row" in frame else frame
        plain = frame.drop(columns=[c for c in ("source_file", "source_row") if c in frame])
        return plain.sort_values(list(plain.columns), kind="stable").reset_index(drop=True).astype(str)

    return [
        of(t)
        for t in (
            outcome.findings, outcome.finding_rows, outcome.matches, outcome.members, outcome.in_transit,
            outcome.excluded,
        )
    ]  # fmt: skip


def same(one: Outcome, two: Outcome) -> None:
    for left, right in zip(tables(one), tables(two), strict=True):
        pd.testing.assert_frame_equal(left, right)


@few
@given(worlds)
def test_every_world_foots(found: World) -> None:
    outcome = run(*files(found))
    proof = prove(outcome)
    assert all(line.difference == 0 for line in proof.legs)
    sums = (
        (outcome.members["weight"].astype("int64") * outcome.members["applied"]).groupby(outcome.members["match"]).sum()
    )
    residual = outcome.matches.set_index("match")["residual"]
    assert (sums.reindex(residual.index) + residual == 0).all()
    explained = outcome.matches["residual_reason"].notna().to_numpy()
    assert np.array_equal(explained, (outcome.matches["residual"] != 0).to_numpy())
    assert set(outcome.matches["verdict"]) <= {"proved", "pool"}


@few
@given(worlds, st.integers(0, 2), st.integers(0, 120))
def test_what_is_accepted_stays_below_its_limit_and_is_told(found: World, amount: int, limit: int) -> None:
    outcome = run(*files(found), tolerance=Tolerance(amount, 5, write_off=limit))
    prove(outcome)
    heads = outcome.matches[outcome.matches["leg"] == "order-gateway"]  # the bank states its own, as the residual
    accepted = heads[["accepted_paid", "accepted_returned"]].abs()
    assert int(accepted.to_numpy().max(initial=0)) <= max(amount, limit, 62)  # 5 per ten thousand of 1,234.56
    some = (accepted.sum(axis=1) > 0).to_numpy()
    told = heads["residual_reason"].astype(object).fillna("").to_numpy()
    assert [bool(text) and text.split(";")[-1] in ("tolerance", "write_off") for text in told] == some.tolist()


@few
@given(worlds, dices)
def test_no_order_of_rows_and_no_name_of_files_changes_a_word(found: World, dice: Random) -> None:
    same(run(*files(found)), run(*files(found, dice)))


@few
@given(worlds)
def test_files_handed_in_twice_change_nothing(found: World) -> None:
    once = files(found)
    again = [replace(one, file=f"copy of {one.file}") for one in once]
    same(run(*once), run(*once))
    two = run(*again, *once)
    same(run(*once), two)
    prove(two)
    assert sum(s.repeated for s in two.statements) == sum(s.rows for s in once)


@few
@given(worlds, st.integers(1, 31))
def test_what_comes_after_as_of_changes_no_match(found: World, until: int) -> None:
    """Of files that state their whole month, those cut at as_of give the same matches as the whole ones."""

    def stated(rows: World) -> list[Statement]:
        month = ("10-01", "11-30")
        built = files(rows)
        return [
            replace(f, accounts=statement(f.channel, [], account=_account(f), period=month).accounts) for f in built
        ]

    refunds_of = {one["order_ref"]: one["on"] for one in found[OWN] + found[TAO] if one["kind"] == "sale"}
    cut = {
        channel: [one for one in rows if (one["on"] or refunds_of.get(one["order_ref"], "10-01")) <= october(until)]
        for channel, rows in found.items()
    }
    short, whole = run(*stated(cut), as_of=october(until)), run(*stated(found), as_of=october(until))
    prove(whole)
    assert _matched(short) == _matched(whole)
    later = whole.in_transit["rule"].dropna()
    days = later[later.str.startswith("cleared on ")].str[len("cleared on ") :]
    assert all(day > f"2026-{october(until)}" for day in days)


def _account(file: Statement) -> str:
    return NUMBER[TRADE] if file.channel == FUND else NUMBER.get(file.channel, f"{file.channel}:default")


def _matched(outcome: Outcome) -> set[tuple[str, frozenset[str], str]]:
    ids = outcome.entries["entry_id"].to_numpy(dtype=object)
    members = outcome.members.groupby("match")["row"].apply(lambda rows: frozenset(ids[rows]))
    found = outcome.matches
    return {
        (str(leg), members[m], str(r)) for m, leg, r in zip(found["match"], found["leg"], found["rule"], strict=True)
    }


@pytest.mark.parametrize("channel", list(NAMES))
@settings(few, max_examples=3)
@given(dice=dices)
def test_a_folder_with_one_side_alone_foots(channel: str, dice: Random) -> None:
    found = world(dice)
    alone = run(*[f for f in files(found) if f.channel == channel])
    prove(alone)
    lost = alone.findings[~alone.findings["code"].isin(["unknown_receipt", "unknown_debit", "settlement_gap"])]
    # Without the other side nothing is missing: it waits.
    assert lost.empty or channel == BATCH, lost[["code", "explanation"]].to_dict("records")


def test_nothing_gives_nothing() -> None:
    outcome = run()
    prove(outcome)
    assert outcome.matches.empty
    assert outcome.findings.empty


@few
@given(worlds)
def test_an_unproven_file_proves_nothing(found: World) -> None:
    bad = [replace(one, control_total="failed") if one.channel in (ALI, BANK) else one for one in files(found)]
    outcome = run(*bad)
    prove(outcome)
    unproven = ~outcome.entries["proven"].to_numpy()
    touched = set(outcome.members["match"][unproven[outcome.members["row"].to_numpy()]])
    verdict = dict(zip(outcome.matches["match"], outcome.matches["verdict"].astype(str), strict=True))
    assert all((verdict[m] == "unproven") == (m in touched) for m in verdict)
