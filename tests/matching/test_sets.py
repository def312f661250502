"""Laws of the window pass as the whole reconciliation runs it: order, files and conservation."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from recon.ledger.outcome import Outcome
from tests.breaks.ledgers import File, findings, run

AS_OF = "2026-10-31"
OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}

Order = tuple[int, int, bool]  # amount in yuan, day, paid by number
Payment = tuple[int, int]  # amount in yuan, day; without a number

orders = st.lists(st.tuples(st.integers(1, 3), st.integers(10, 31), st.booleans()), max_size=6)
payments = st.lists(st.tuples(st.integers(1, 3), st.integers(10, 31)), max_size=6)


def files(some: Sequence[Order], more: Sequence[Payment], *, random: Random | None = None) -> tuple[File, File]:
    listed, money = File("shop.orders", name="orders.csv"), File("wechatpay.trade", **OCTOBER)
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-11-30")):
        listed.order(number, "0.00", day, state="closed", shop="S")
    for n, (amount, day, numbered) in enumerate(some):
        listed.order(f"A{n}", f"{amount}.00", f"2026-10-{day:02} 10:00:{n:02}", shop="S")
        if numbered:
            money.payment(f"A{n}", f"{amount}.00", f"2026-10-{day:02} 10:01:{n:02}", payment_ref=f"K{n:07}")
    for n, (amount, day) in enumerate(more):
        money.payment(None, f"{amount}.00", f"2026-10-{day:02} 11:00:{n:02}", payment_ref=f"T{n:07}")
    if random is not None:
        random.shuffle(listed.rows)
        random.shuffle(money.rows)
    return listed, money


def told(result: Outcome) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Matches by their members and findings, as facts without numbers of rows."""
    ids = result.entries["entry_id"].astype(str).to_list()
    members: dict[int, list[str]] = {}
    for match, row in zip(result.members["match"].tolist(), result.members["row"].tolist(), strict=True):
        members.setdefault(match, []).append(ids[row])
    columns = (result.matches[name].astype(str) for name in ("rule", "verdict", "basis", "explanation"))
    matches = sorted((tuple(sorted(members[n])), *facts) for n, facts in enumerate(zip(*columns, strict=True)))
    return matches, [(f["break_id"], f["code"], f["expected"], f["actual"], f["explanation"]) for f in findings(result)]


@settings(max_examples=30)
@given(orders, payments, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_changes_nothing(some: list[Order], more: list[Payment], random: Random) -> None:
    straight = run(*files(some, more), as_of=AS_OF)
    turned = run(*reversed(files(some, more, random=random)), as_of=AS_OF)
    assert told(straight) == told(turned)


@settings(max_examples=30)
@given(orders, payments)
def test_every_movement_stands_in_one_group_and_every_match_foots(some: list[Order], more: list[Payment]) -> None:
    result = run(*files(some, more), as_of=AS_OF)
    group, _ = result.groups("order-gateway")  # raises where an entry stands in two
    moved = result.entries["kind"].isin(["sale", "payment"]).to_numpy()
    assert (group[moved] > 0).all()
    weighed = result.members["weight"].to_numpy() * result.members["applied"].to_numpy()
    for match, residual in zip(result.matches["match"].tolist(), result.matches["residual"].tolist(), strict=True):
        assert int(weighed[result.members["match"].to_numpy() == match].sum()) + residual == 0


@settings(max_examples=30)
@given(orders, payments, payments)
def test_a_further_file_changes_no_match_by_number(
    some: list[Order], more: list[Payment], later: list[Payment]
) -> None:
    listed, money = files(some, more)
    further = File("wechatpay.trade", account="1900000208", **OCTOBER)
    for n, (amount, day) in enumerate(later):
        further.payment(None, f"{amount}.00", f"2026-10-{day:02} 12:00:{n:02}", payment_ref=f"F{n:07}")
    before, _ = told(run(listed, money, as_of=AS_OF))
    after, _ = told(run(*files(some, more), further, as_of=AS_OF))
    assert [match for match in before if match[3] == "key"] == [match for match in after if match[3] == "key"]
