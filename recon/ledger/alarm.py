"""Alarms: what a person should look into although it is no break, and how often such a thing is said in vain."""

from __future__ import annotations

from dataclasses import dataclass

from recon.ledger.days import date_of


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm; information only.

    kind, title: what it is about, as a code and in the run's language. account: "family:number"; shop: as printed; both
    empty where it is about neither. day: day number, NO_DAY without one. measure: what value, low and high (the usual
    band, ends included) are: `items`, `amount` (minor units of `currency`), `per_ten_thousand`, `days`, or empty
    without any. break_id: the finding that it points at, empty for none. explanation: one sentence.
    """

    kind: str
    title: str
    account: str
    shop: str
    day: int
    currency: str
    explanation: str
    measure: str = ""
    value: int | None = None
    low: int | None = None
    high: int | None = None
    break_id: str = ""

    @property
    def date(self) -> str | None:
        """The day as ISO text."""
        found = date_of(self.day)
        return None if found is None else found.isoformat()


@dataclass(frozen=True, slots=True)
class AlarmRate:
    """How often a kind that rests on statistics speaks in vain.

    rate: at most this share of what was judged, on data on which nothing is wrong ("0.1%"). per: what one judgement is
    of: `day` (of an account or a shop) or `run` (an account or a shop in one run). judged: how many there were.
    """

    kind: str
    title: str
    rate: str
    per: str
    judged: int


@dataclass(frozen=True, slots=True)
class Alarms:
    """The alarms of a run, sorted by kind, account, shop and day, and the rates of the kinds that may be wrong."""

    raised: tuple[Alarm, ...] = ()
    rates: tuple[AlarmRate, ...] = ()
