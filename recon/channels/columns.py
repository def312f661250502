"""Which columns a spec reads, where they stand in a header, and which of them hold few words that repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from recon.channels.lines import Line, fold
from recon.channels.parts import Amount, Make, Refs, Sides, Test
from recon.channels.spec import Spec

#: What a total is of, where that is no column.
MEANT = frozenset({"rows", "in", "out", "net", "added"})


def places(spec: Spec, header: Line) -> dict[str, int]:
    """Return where each column that the spec names stands in this header; absent ones are left out."""
    printed: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        printed.setdefault(fold(cell), place)
    found: dict[str, int] = {}
    for name in sorted(used(spec)):
        for spelling in (name, *spec.aliases.get(name, ())):
            if fold(spelling) in printed:
                found[name] = printed[fold(spelling)]
                break
    return found


def used(spec: Spec) -> set[str]:
    """Return every column that a spec reads; no other column of a file is ever looked at."""
    single = (
        spec.currency, spec.shop, spec.value_date, spec.clock, spec.zone_column,
        spec.refund_rank, spec.after_sale.refund, spec.after_sale.of,
        spec.states.column if spec.states else None, spec.balance.column if spec.balance else None,
    )  # fmt: skip
    names = {name for name in single if name}
    names.update(spec.time, spec.status, spec.stamps, spec.memo, spec.method, spec.account.columns, spec.dates.values())
    names.update(spec.key.columns)
    names.update([spec.carried.by] if spec.carried else ())
    names.update((spec.ends.opening, spec.ends.closing) if spec.ends else ())
    names.update((spec.period.first, spec.period.last) if spec.period else ())
    for party in (spec.counterparty, spec.counterparty_account):
        names.update((party.incoming, party.outgoing) if isinstance(party, Sides) else (party,) if party else ())
    names.update((*spec.arithmetic.parts, *spec.arithmetic.less) if spec.arithmetic else ())
    names.update((spec.items.order, *spec.items.amounts, *spec.items.apart) if spec.items else ())
    names.update(name for tests in _conditions(spec) for name in tests)
    for amount in _amounts(spec):
        names.update(amount.columns)
        names.update([amount.direction] if amount.direction else ())
    for refs in _references(spec):
        names.update(link.column for chain in refs.chains.values() for link in chain)
    for make in _makes(spec):
        names.update(make.time)
        names.update(name for name in (make.fee_rate, make.detail_from) if name)
    names.update(rule.returns for rule in spec.rows if rule.returns)
    names.update(name for rule in spec.rows for name in rule.memo)
    if spec.footer is not None:
        names.update(total.of for total in spec.footer.totals if total.of not in MEANT)
        names.update(total.in_rows for total in spec.footer.totals if total.in_rows)
    return names


def repeated(spec: Spec) -> set[str]:
    """Return the columns whose few words are compared or passed on; they are read as dictionaries."""
    names = {name for name in (spec.currency, spec.shop, spec.zone_column) if name} | {
        *spec.account.columns,
        *spec.status,
    }
    names.update([spec.states.column] if spec.states else ())
    names.update(name for make in _makes(spec) for name in (make.fee_rate, make.detail_from) if name)
    names.update(amount.direction for amount in _amounts(spec) if amount.direction)
    for tests in _conditions(spec):
        names.update(name for name, test in tests.items() if test.equals or test.prefix or test.unlike)
    return names | set(spec.memo)


def _makes(spec: Spec) -> Iterator[Make]:
    for rule in spec.rows:
        yield from rule.made


def of_amounts(spec: Spec) -> set[str]:
    """Return the columns that hold amounts."""
    return {name for amount in _amounts(spec) for name in amount.columns}


def _amounts(spec: Spec) -> Iterator[Amount]:
    amounts = [spec.amount, spec.order_amount, spec.released, spec.arithmetic.net if spec.arithmetic else None]
    amounts += [total.amount for total in spec.sums.totals] if spec.sums else []
    amounts += [amount for make in _makes(spec) for amount in (make.amount, make.order_amount)]
    yield from (amount for amount in amounts if amount is not None)


def _references(spec: Spec) -> Iterator[Refs]:
    yield spec.refs
    for rule in spec.rows:
        yield rule.refs
        yield from (make.refs for make in rule.made)


def references(spec: Spec) -> Iterator[Refs]:
    """Return all reference chains of a spec, its own and those of its rules."""
    yield from _references(spec)


def _conditions(spec: Spec) -> list[Mapping[str, Test]]:
    tests: list[Mapping[str, Test]] = [rule.when for rule in spec.rows]
    tests += [rule.when for rule in spec.after_sale.rules]
    tests += [total.where for total in spec.footer.totals] if spec.footer else []
    tests += [spec.balance.where] if spec.balance else []
    tests += [spec.arithmetic.when] if spec.arithmetic else []
    tests += [spec.sums.where] if spec.sums else []
    tests.append(spec.explains)
    return tests
