"""The report on payouts repeats, and says at a twentieth of its size what it is there to say."""

from tests.benchmarks.quality.payouts import make
from tests.benchmarks.quality.payouts_run import report


def test_the_report_repeats_and_holds() -> None:
    told = [report([3, 4], rows=5_000, payouts=50) for _ in range(2)]
    for figures in (*told[0].values(), *told[1].values()):
        assert 0 <= figures.pop("seconds") < 10
    first, again = told
    assert first == again
    assert first["0 late, plain"]["cut-chain"] == first["0 late, days"]["whole-day"] == 100
    assert all(figures["batch-key"] == 100 for name, figures in first.items() if name.endswith("keys"))
    plain = first["100 late, plain"]
    assert plain["late-row"] + plain["in a run"] > 0
    ends = ("cut-chain", "late-row", "in a run", "suggested", "open")
    assert sum(plain[name] for name in ends) == plain["payouts"] == 100
    assert plain["wrong"] == plain["run wrong"] == 0


def test_a_seed_makes_one_world() -> None:
    some, same, other = make(1, 100, rows=900, payouts=9), make(1, 100, rows=900, payouts=9), make(2, 100, rows=900)
    assert (some.net == same.net).all()
    assert (some.truth == same.truth).all()
    assert (some.net != other.net).any()
    paid = [int(some.net[some.truth == n].sum()) for n in range(9)]
    assert paid == some.amount.tolist()
