"""What a program costs: wall, processor time and peak memory of one child process, and when it printed which line.

The operating system's own account of the finished child is read (`wait4`), so nothing is sampled and nothing is missed.
Windows keeps no such account for a parent to read; there psutil asks for the peak while the child runs.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psutil

if sys.platform != "win32":
    import resource

_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts the peak."""


@dataclass(frozen=True)
class Cost:
    """One run: seconds, seconds of the processor (user and system), peak resident memory in bytes, exit code.

    `lines` is what it printed on stderr, each with the seconds since its start.
    """

    wall: float
    user: float
    system: float
    peak: int
    code: int
    lines: list[tuple[float, str]] = field(default_factory=list)


def measure(command: Sequence[str], cwd: Path) -> Cost:
    """Run a command to its end. The parent must stay small: a child counts the pages it shared before it started."""
    start = time.perf_counter()
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    lines: list[tuple[float, str]] = []

    def listen() -> None:
        if child.stderr:
            lines.extend((time.perf_counter() - start, line.rstrip()) for line in child.stderr)

    listener = Thread(target=listen)
    listener.start()
    user, system, peak, code = _watched(child) if sys.platform == "win32" else _waited(child)
    wall = time.perf_counter() - start
    listener.join()
    return Cost(wall, user, system, peak, code, lines)


def peak() -> float:
    """The peak of resident memory of this process so far, in bytes."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset)
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT)


def _waited(child: "subprocess.Popen[str]") -> tuple[float, float, int, int]:
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime, usage.ru_stime, usage.ru_maxrss * _UNIT, child.returncode


def _watched(child: "subprocess.Popen[str]") -> tuple[float, float, int, int]:
    """Ask every 20 ms; a venv's python.exe starts the real interpreter as its child, so both are asked."""
    seen: dict[int, tuple[float, float, int]] = {}
    while child.poll() is None:
        try:
            family = [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]
            for member in family:
                spent, memory = member.cpu_times(), member.memory_info()
                seen[member.pid] = (spent.user, spent.system, getattr(memory, "peak_wset", memory.rss))
        except psutil.NoSuchProcess:
            pass
        time.sleep(0.02)
    user, system = sum(s[0] for s in seen.values()), sum(s[1] for s in seen.values())
    return user, system, max((s[2] for s in seen.values()), default=0), child.returncode
