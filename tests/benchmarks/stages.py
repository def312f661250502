"""Where the time and the memory of one `recon match` go: every function that the pipeline calls, in its own process.

    python stages.py FOLDER OUT

Wraps what `recon.pipeline` and the modules it draws on import from other modules of recon, down to two levels, and
prints per function: calls, seconds (what it calls included), and by how much the peak of the process had grown when it
returned. The clock costs next to nothing, as only calls between modules are wrapped.
"""

import functools
import inspect
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

from measure import peak

from recon import cli, pipeline

DEPTH = 3


class Account:
    """Calls, seconds and growth of the peak, by path of names."""

    def __init__(self) -> None:
        self.threads = threading.local()
        self.rows: dict[tuple[str, ...], list[float]] = {}

    def path(self) -> list[str]:
        """The names that the current thread is inside of."""
        if not hasattr(self.threads, "path"):
            self.threads.path = []
        return self.threads.path

    def wrap(self, function, name):
        """The function, clocked."""

        @functools.wraps(function)
        def clocked(*args, **named):
            path = self.path()
            if len(path) >= DEPTH:
                return function(*args, **named)
            path.append(name)
            row = self.rows.setdefault(tuple(path), [0, 0.0, 0.0])
            start, before = time.perf_counter(), peak()
            try:
                return function(*args, **named)
            finally:
                row[0] += 1
                row[1] += time.perf_counter() - start
                row[2] += peak() - before
                path.pop()

        return clocked

    def install(self, module: ModuleType) -> None:
        """Wrap the functions that a module has from elsewhere in recon, and those of the modules they come from."""
        waiting, done = [(module, 1)], set()
        while waiting:
            current, level = waiting.pop(0)
            if current.__name__ in done or level > DEPTH:
                continue
            done.add(current.__name__)
            for name, value in sorted(vars(current).items()):
                if not inspect.isfunction(value) or not value.__module__.startswith("recon."):
                    continue
                own = value.__module__ == current.__name__
                if not own:
                    waiting.append((sys.modules[value.__module__], level + 1))
                if not own or level == 1:
                    setattr(current, name, self.wrap(value, name))

    def table(self) -> str:
        """One line per function, callers before what they call; what took under 1 % of all is left out."""
        whole = max((row[1] for row in self.rows.values()), default=0.0)
        lines = [f"{'calls':>6} {'seconds':>9} {'+ peak MB':>10}"]
        for path, (calls, seconds, grown) in self.rows.items():
            if seconds >= whole / 100:
                lines.append(f"{calls:6.0f} {seconds:9.2f} {grown / 1e6:10.0f}  {'  ' * (len(path) - 1)}{path[-1]}")
        return "\n".join(lines)


def run() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    account = Account()
    account.install(pipeline)
    start = time.perf_counter()
    code = cli.run(["match", str(folder), "--out", str(out), "--quiet"])
    print(account.table())
    print(f"wall {time.perf_counter() - start:.2f} s, peak {peak() / 1e6:.0f} MB")
    sys.exit(code)


if __name__ == "__main__":
    run()
