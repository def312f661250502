"""Options and types of value that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from pydantic_core import PydanticCustomError

from recon.config import texts

FOLDER = click.Path(path_type=Path)


class DayType(click.ParamType[date]):
    """A day like 2026-10-31."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day of an option's text; fail as a usage error."""
        try:
            return texts.day(value)
        except PydanticCustomError as error:
            self.fail(_problem(value, error), param, ctx)


class PeriodType(click.ParamType[str]):
    """A month like 2026-10."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the month of an option's text; fail as a usage error."""
        try:
            return texts.period(value)
        except PydanticCustomError as error:
            self.fail(_problem(value, error), param, ctx)


def _problem(value: object, error: PydanticCustomError) -> str:
    problem, _, remedy = error.message().partition("|")
    return f"{value!r} {problem}. {remedy}"


config_option = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), metavar="FILE", help="A recon.yaml to use."
)
#: Read by `recon.cli.run` before the command line is parsed, so that it also shows where parsing fails.
debug_option = click.option("--debug", is_flag=True, expose_value=False, help="Show where an error happened.")
