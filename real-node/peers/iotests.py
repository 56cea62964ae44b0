"""qemu-iotests -raw -nbd: qemu's own tests of its NBD client, with a server of ours or another's where they start qemu-nbd."""
import contextlib
import difflib
import fcntl
import os
import pathlib
import re
import shlex
import shutil
import signal
import sys
import time

from sources import Missing
from suites import FAIL, NOT_RUN, PASS, Cell

HERE = pathlib.Path(__file__).resolve().parent

# Those of 7.2 that run for raw over NBD without a virtual machine (qemu-system). Each other one says itself that it is for something else, or starts one.
WITHOUT_MACHINE = ["001", "002", "003", "004", "008", "009", "010", "011", "021", "032", "033", "077", "083", "104", "123", "197", "215", "241", "259"]

# Where another server rightly says something else than qemu-nbd, and what both are read as.
RIGHTLY_OTHERWISE = [
    # qemu-nbd presents a file of 1000 bytes as one of whole sectors; the others say how long it is, and qemu's client rounds up.
    (r"^  size:  1000$", "  size:  1024"),
    # The export has a name of its own, and is the default one as well.
    (r"^ export: 'x'$", " export: ''"),
    # So what qemu's client adds behind the end has no place there.
    (r'^({ "start": 1000, "length": 24, .*"zero": true, "data": false), "offset": OFFSET}', r"\1}"),
    # What qemu-nbd says when it has to guess the format of an image: nobody else guesses.
    (r"^WARNING: Image format was not specified.*\n +Automatically.*\n +Specify.*\n", ""),
]

# The same, for one server alone: an attached device takes any bytes, whatever blocks its export has.
OF_ONE_SERVER = {"attach": [(r"^  min block: 512$", "  min block: 1")]}

# For one test: 197 reads six GiB.
LIMIT = 600

STAND_IN = """#!/bin/sh
# In the place of qemu-system and qemu-storage-daemon: whoever starts one says by this that it needs one.
[ "$1 $2" = "-machine help" ] && exit 0
echo "$*" >> "$DST_PEERS_LOGS/needs-machine"
exit 1
"""


class Iotests:
    suite = "qemu-iotests"

    def __init__(self, mode, tests, limit):
        self.mode, self.tests, self.limit = mode, tests, limit

    def run(self, one):
        if one.server == "nbd-server":
            raise Missing("they ask for the export without a name, and nbd-server has none")
        folder = self.copy(one)
        passed, failed, not_run = [], [], []
        for test in self.tests:
            if not (folder / test).exists():
                not_run.append(f"{test}: these sources have none")
                continue
            outcome, words = self.one_test(one, folder, test)
            {PASS: passed, FAIL: failed, NOT_RUN: not_run}[outcome].append(f"{test}: {words}" if words else test)
        if len(self.tests) == 1:
            return Cell(PASS if passed else FAIL if failed else NOT_RUN, (passed + failed + not_run)[0].partition(": ")[2])
        words = "; ".join([f"{len(passed)} of {len(self.tests)}"] + failed + not_run)
        return Cell(FAIL if failed else NOT_RUN if not_run else PASS, words)

    @staticmethod
    def copy(one):
        """A copy that waits for the server, where the tests sleep for a second and hope."""
        source = one.sources.iotests()
        folder = one.folder / "qemu/tests/qemu-iotests"
        shutil.copytree(source, folder, symlinks=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.copytree(source.parents[1] / "python/qemu", one.folder / "qemu/python/qemu", symlinks=True)
        common = folder / "common.rc"
        text, found = re.subn(r"sleep 1 # FIXME.*", 'until [ -S "$SOCK_DIR/nbd" ] || ! kill -0 $! 2>/dev/null; do sleep 0.05; done',
                              common.read_text())
        if found != 1:
            raise Missing("common.rc has no place where it waits for qemu-nbd: this is another qemu than 7.2")
        common.write_text(text)
        return folder

    def one_test(self, one, folder, test):
        logs = one.logs / test
        logs.mkdir()
        scratch, sockets = one.folder / f"test-{test}", one.folder / f"sock-{test}"
        stand_in = one.folder / "stand-in"
        stand_in.write_text(STAND_IN)
        stand_in.chmod(0o755)
        programs = {f"QEMU_{name.upper()}_PROG": shutil.which(f"qemu-{name}") for name in ["img", "io", "nbd"]}
        if None in programs.values():
            raise Missing("no qemu-img, qemu-io and qemu-nbd here (Debian: qemu-utils)")
        environment = dict(os.environ, TEST_DIR=str(scratch), SOCK_DIR=str(sockets), QEMU_PROG=str(stand_in), QSD_PROG=str(stand_in),
                           DST_PEERS_LOGS=str(logs), DST_PEERS_SERVER=one.server, DST_PEERS_DST=one.options.dst,
                           DST_PEERS_DST_OPTIONS=shlex.join(one.options.dst_options), **programs)
        if one.server != "qemu-nbd":
            environment["QEMU_NBD_PROG"] = str(HERE / "in-place-of-qemu-nbd")
        try:
            code, said = one.run(test, [sys.executable, "check", "-raw", "-nbd", "-tap", test], LIMIT, cwd=folder, env=environment)
        finally:
            self.end_servers(logs)
        bad = scratch / f"{test}.out.bad"
        if bad.exists():
            shutil.copy(bad, logs)
        wrong = (logs / "wrong").read_text().splitlines() if (logs / "wrong").exists() else []
        if (logs / "needs-machine").exists():
            return NOT_RUN, "it starts qemu-system"
        if (logs / "not-ours").exists():
            return NOT_RUN, "it wants what only qemu-nbd has"
        if wrong:
            return FAIL, wrong[0]
        if code is None:
            return FAIL, f"no end within {LIMIT * one.options.patience:g} s"
        if re.search(rf"^ok raw {test} # SKIP", said, re.M):
            return NOT_RUN, re.search(r"# SKIP *(.*)", said).group(1) or "it says that it is for something else"
        if re.search(rf"^ok raw {test}$", said, re.M):
            return PASS, ""
        if bad.exists() and one.server != "qemu-nbd":
            return self.compared(one.server, folder, test, bad)
        return FAIL, f"other output than expected, see {logs}" if bad.exists() else said.strip().splitlines()[-1]

    @staticmethod
    def end_servers(logs):
        """Ends what a test left running, and waits until the last server has said what was wrong with it."""
        if not (logs / "pids").exists():
            return
        for pid in (logs / "pids").read_text().split():
            with contextlib.suppress(OSError):
                if b"in-place-of-qemu-nbd" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(int(pid), signal.SIGTERM)
        with open(logs / "one-at-a-time", "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)

    @staticmethod
    def compared(server, folder, test, bad):
        """What was said against what is expected, where both are read as RIGHTLY_OTHERWISE says."""
        texts = []
        for text in (folder / f"{test}.out").read_text(), bad.read_text():
            for pattern, read_as in RIGHTLY_OTHERWISE + OF_ONE_SERVER.get(server, []):
                text = re.sub(pattern, read_as, text, flags=re.M)
            texts.append(text.splitlines())
        if texts[0] == texts[1]:
            return PASS, ""
        unlike = [line for line in difflib.unified_diff(*texts, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")]
        want, got = ([line[1:].strip()[:90] for line in unlike if line[0] == side] for side in "-+")
        return FAIL, f"expected '{want[0] if want else ''}', got '{got[0] if got else ''}'"


ROWS = [
    Iotests("241: unaligned images", ["241"], 300),
    Iotests("-raw -nbd: all others without a virtual machine", [test for test in WITHOUT_MACHINE if test != "241"], LIMIT * len(WITHOUT_MACHINE)),
]
