"""Small tables in memory, read as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from recon.channels.reader import read_file
from recon.channels.spec import Spec, load_specs
from recon.ledger.statement import Statement, Unread

Reader = Callable[..., list[Statement | Unread]]


@pytest.fixture(scope="session")
def specs() -> Mapping[str, Spec]:
    return load_specs()


@pytest.fixture
def read(tmp_path: Path, specs: Mapping[str, Spec]) -> Reader:
    """Read bytes (or text, as UTF-8) under a name."""

    def reader(data: bytes | str, name: str = "bill.csv", **options: Any) -> list[Statement | Unread]:
        path = tmp_path / "file"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_file(path, name, specs, **options)

    return reader


@pytest.fixture
def statement(read: Reader) -> Callable[..., Statement]:
    """Read bytes that hold one statement."""

    def reader(data: bytes | str, name: str = "bill.csv", **options: object) -> Statement:
        (one,) = read(data, name, **options)
        assert isinstance(one, Statement), one
        assert one.rows == one.booked_rows + one.repeated + len(one.skipped) + len(one.quarantined)
        return one

    return reader


@pytest.fixture
def unread(read: Reader) -> Callable[..., Unread]:
    """Read bytes that are no statement."""

    def reader(data: bytes | str, name: str = "bill.csv", **options: object) -> Unread:
        (one,) = read(data, name, **options)
        assert isinstance(one, Unread), one
        return one

    return reader
