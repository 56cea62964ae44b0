"""The suites that are one program against one address: nbd-tester-client, and fsx on a file that nbdfuse makes of a device."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time
from dataclasses import dataclass

from servers import Server, ServerFailed, free_port
from sources import Missing

PASS, FAIL, NOT_RUN = "pass", "fail", "not run"


@dataclass
class Cell:
    """What one suite came to on one server: pass, fail or not run, and what or why."""
    state: str
    words: str = ""

    def __str__(self):
        return f"{self.state} ({self.words})" if self.words else self.state


@dataclass
class Try:
    """One suite on one server: where its files and sockets are, and what it may use."""
    server: str
    folder: pathlib.Path
    logs: pathlib.Path
    sources: object
    options: object
    seed: int

    def start(self, disk, where=None, **options):
        where = where or f"127.0.0.1:{free_port()}"
        return Server(self.server, disk, where, self.logs, dst=self.options.dst, dst_options=self.options.dst_options, **options)

    def zeros(self, size):
        disk = self.folder / "disk"
        disk.unlink(missing_ok=True)
        with open(disk, "wb") as data:
            data.truncate(size)
        return disk

    def run(self, name, command, limit, **options):
        """A program in a group of processes of its own: its exit code, None if it had to be ended, and what it said."""
        log = self.logs / f"{name}.log"
        with open(log, "w") as out:
            process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, start_new_session=True, **options)
            try:
                code = process.wait(limit * self.options.patience)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return code, log.read_text(errors="replace").replace("\r", "\n")


def judged(server, cell):
    """The cell, unless the server itself did something wrong meanwhile."""
    wrong = server.stop()
    if wrong and cell.state != NOT_RUN:
        return Cell(FAIL, "; ".join(([cell.words] if cell.state == FAIL else []) + wrong))
    return cell


def last_line(text, *marks):
    """The last line that has the first of these marks that is there at all; or the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it said nothing"]
    marked = [line for mark in marks for line in reversed(lines) if mark in line]
    return (marked or lines[-1:])[0][:160]


class NbdTester:
    """A mode of nbd-tester-client, the test client of nbd-server's own suite."""
    suite = "nbd-tester-client"

    def __init__(self, mode, arguments, size=4 << 20, trace=None, read_only=False, unix=False, limit=120):
        self.mode, self.arguments, self.size, self.trace = mode, arguments, size, trace
        self.read_only, self.unix, self.limit = read_only, unix, limit

    def run(self, one):
        program = one.sources.nbd_tester_client()
        where = f"unix:{one.folder}/nbd.sock" if self.unix else None
        server = one.start(one.zeros(self.size), where, read_only=self.read_only)
        trace = ["-t", one.sources.trace(self.trace)] if self.trace else []
        if self.unix:
            address = ["-u", server.where[5:]]
        else:
            address = server.where.rsplit(":", 1)
        code, said = one.run("nbd-tester-client", [program, *self.arguments, *trace, "-N", "x", *address], self.limit, cwd=one.folder)
        if code is None:
            cell = Cell(FAIL, f"no end within {self.limit * one.options.patience:g} s; {self.where_it_was(said)}")
        else:
            cell = Cell(PASS) if code == 0 else Cell(FAIL, f"exit code {code}: {last_line(said, 'WARNING', 'CRITICAL')}")
        return judged(server, cell)

    @staticmethod
    def where_it_was(said):
        return f"it was at: {last_line(said)}"


class Fsx:
    """fsx on the file that nbdfuse makes of a device: random reads, writes and mapped ones, each read compared."""
    suite = "fsx on nbdfuse"
    operations = 5000
    limit = 300

    def __init__(self, mode, arguments, size=2 << 20):
        self.mode, self.arguments, self.size = mode, arguments, size

    def run(self, one):
        program = one.sources.fsx()
        usage = subprocess.run([program], capture_output=True, text=True)
        if "-Z" in self.arguments and "-Z" not in usage.stdout + usage.stderr:
            raise Missing("this fsx has no direct mode: xfstests' has")
        server = one.start(one.zeros(self.size), f"unix:{one.folder}/nbd.sock")
        try:
            cell = self.exercise(one, server, program)
        except BaseException:
            server.stop()
            raise
        return judged(server, cell)

    def exercise(self, one, server, program):
        mount = one.folder / "mount"
        mount.mkdir()
        with open(one.logs / "nbdfuse.log", "w") as log:
            fuse = subprocess.Popen(["nbdfuse", mount, server.uri], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                end = time.monotonic() + 120
                while not (mount / "nbd").exists():
                    if fuse.poll() is not None or time.monotonic() > end:
                        said = (one.logs / "nbdfuse.log").read_text()
                        return Cell(NOT_RUN, f"nbdfuse does not mount here: {last_line(said)}")
                    time.sleep(0.05)
                command = [program, "-q", "-L", "-N", self.operations, "-S", one.seed, *self.arguments, "-P", one.logs, mount / "nbd"]
                code, said = one.run("fsx", command, self.limit)
            finally:
                subprocess.run(["umount", mount], stdout=log, stderr=log)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    fuse.wait(120)
                fuse.kill()
                fuse.wait()
        if code is None:
            return Cell(FAIL, f"no end within {self.limit * one.options.patience:g} s; seed {one.seed}")
        if code != 0:
            return Cell(FAIL, f"exit code {code}, seed {one.seed}: {last_line(said, 'READ BAD', 'rror on', 'rror')}")
        return Cell(PASS)


# Closed and opened again, so that what is read comes from the server, and not from the page cache.
REOPENED = ["-c", "10"]

ROWS = [
    NbdTester("-o: oversized requests", ["-o"], limit=60),
    NbdTester("-i: integrity, huge trace", ["-i"], size=50 << 20, trace="integrityhuge-test.tr", limit=300),
    NbdTester("-i: integrity", ["-i"], size=50 << 20, trace="integrity-test.tr", limit=600),
    NbdTester("read", []),
    NbdTester("-u: read, Unix socket", [], unix=True),
    NbdTester("-w: write", ["-w"]),
    NbdTester("-w -f: write, flush, FUA", ["-w", "-f"]),
    NbdTester("-w -F: write to a read-only export", ["-w", "-F"], read_only=True),
    NbdTester("-h: handshake", ["-h"]),
    Fsx("buffered, mapped", REOPENED),
    Fsx("buffered, odd size", REOPENED, size=2_000_003),
    Fsx("direct", ["-Z", "-R", "-W", "-r", "512", "-w", "512"]),
]
