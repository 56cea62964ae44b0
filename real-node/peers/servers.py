"""NBD servers as processes: ours, a device attached over our own protocol, nbdkit, nbd-server and qemu-nbd."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parents[2]
NAMES = ["dst", "attach", "nbdkit", "nbd-server", "qemu-nbd"]

# How long a server may take to listen, and to end: only a busy machine comes near it.
PATIENCE = 120
GONE = ("was removed while it was served", "was exchanged for another one while it was served")


class ServerFailed(Exception):
    """A server did not start, or does not listen; with the last that it said."""


def is_installed(name):
    return name in ("dst", "attach") or shutil.which(name) is not None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One server on one disk at one address, from when it listens until it is stopped.

    The disk is a file, or for ours and nbdkit a number of bytes in memory. The address is unix:PATH or 127.0.0.1:PORT.
    """

    def __init__(self, name, disk, where, folder, **options):
        self.name = name
        self.disk = disk
        self.where = where
        self.folder = pathlib.Path(folder)
        self.export = options.get("export", "x")
        self.read_only = options.get("read_only", False)
        self.least_block = options.get("least_block")
        self.dst = options.get("dst") or str(HOME / "dst")
        self.dst_options = list(options.get("dst_options", []))
        self.pidfile = None
        self.processes = []
        self.log_path = self.folder / f"{name}.log"
        self.log = open(self.log_path, "w")
        try:
            getattr(self, "start_" + name.replace("-", "_"))()
            self.await_greeting()
        except BaseException:
            self.stop()
            raise

    @property
    def uri(self):
        if self.where.startswith("unix:"):
            return f"nbd+unix:///{self.export}?socket={self.where[5:]}"
        return f"nbd://{self.where}/{self.export}"

    def start(self, *command):
        # It has to hear SIGTERM also where whoever starts it does not.
        hear = lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        self.processes.append(subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=self.log,
                                               stderr=subprocess.STDOUT, preexec_fn=hear))

    def start_dst(self, form="--nbd", where=None):
        source = f"memory:{self.disk}" if isinstance(self.disk, int) else str(self.disk)
        source += ",ro" if self.read_only else ""
        source += f",block={self.least_block}" if self.least_block else ""
        # Each start is of a new device: what is kept beside the data belongs to this one only.
        state = []
        if not isinstance(self.disk, int):
            state = ["--state", tempfile.mkdtemp(prefix="state-", dir=self.folder)]
        self.start(self.dst, "serve", "--export", f"{self.export or 'x'}={source}", "--allow", "127.0.0.1=rw", "--allow", "unix=rw",
                   form, where or self.where, "--control", "none", *state, *self.dst_options)

        self.await_ready(1)

    def start_attach(self):
        link = self.where + "-link" if self.where.startswith("unix:") else f"127.0.0.1:{free_port()}"
        self.start_dst("--listen", link)
        self.start(self.dst, "attach", "--server", link, "--export", self.export or "x", "--nbd", self.where, "--control", "none",
                   *self.dst_options)
        self.await_ready(2)

    def start_nbdkit(self):
        where = ["-U", self.where[5:]] if self.where.startswith("unix:") else ["-i", *self.address("-p")]
        plugin = ["memory", self.disk] if isinstance(self.disk, int) else ["file", self.disk]
        block = ["--filter=blocksize-policy"] if self.least_block else []
        least = [f"blocksize-minimum={self.least_block}", "blocksize-error-policy=error"] if self.least_block else []
        self.start("nbdkit", "-f", *(["-r"] if self.read_only else []), *where, *block, *plugin, *least)

    def start_nbd_server(self):
        if self.where.startswith("unix:"):
            # Without a TCP address of its own it would listen on all of them.
            where = f"unixsock = {self.where[5:]}\nlistenaddr = 127.0.0.1\nport = {free_port()}\n"
        else:
            host, port = self.where.rsplit(":", 1)
            where = f"listenaddr = {host}\nport = {port}\n"
        config = self.folder / "nbd-server.conf"
        config.write_text(f"[generic]\n{where}allowlist = true\n[{self.export or 'x'}]\nexportname = {self.disk}\nflush = true\nfua = true\n"
                          f"trim = true\nreadonly = {str(self.read_only).lower()}\n")
        # It goes into the background, and serves each connection in a process of its own, which ends with it.
        self.pidfile = self.folder / f"nbd-server-{time.monotonic_ns()}.pid"
        self.start("nbd-server", "-C", config, "-p", self.pidfile)

    def start_qemu_nbd(self):
        where = ["-k", self.where[5:]] if self.where.startswith("unix:") else ["-b", *self.address("-p")]
        # Without -f it looks at the content to know the format, and then takes whole sectors only.
        form = [] if self.least_block else ["-f", "raw"]
        self.start("qemu-nbd", *form, "-t", "-e", "16", "-x", self.export, *(["-r"] if self.read_only else []), *where, self.disk)

    def address(self, option):
        host, port = self.where.rsplit(":", 1)
        return [host, option, port]

    def await_ready(self, count):
        """Until ours has said that it is ready, so many times in all."""
        end = time.monotonic() + PATIENCE
        while self.log_path.read_text(errors="replace").count("dst: ready") < count:
            if self.ended():
                raise ServerFailed(f"{self.name} ended at its start: {self.last_words()}")
            if time.monotonic() > end:
                raise ServerFailed(f"{self.name} was not ready within {PATIENCE} s: {self.last_words()}")
            time.sleep(0.02)

    def await_greeting(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if self.greeting() == b"NBDMAGIC" and not self.ended():
                    return
            if self.ended():
                raise ServerFailed(f"{self.name} ended at its start: {self.last_words()}")
            time.sleep(0.05)
        raise ServerFailed(f"{self.name} did not greet an NBD client within {PATIENCE} s: {self.last_words()}")

    def greeting(self):
        unix = self.where.startswith("unix:")
        with socket.socket(socket.AF_UNIX if unix else socket.AF_INET) as probe:
            probe.settimeout(5)
            probe.connect(self.where[5:] if unix else tuple([self.address("")[0], int(self.address("")[2])]))
            return probe.recv(8, socket.MSG_WAITALL)

    def ended(self):
        """Whether a process that should still run has ended."""
        if self.pidfile:
            # Its first process ends well; the one in the background says later which one it is.
            return self.processes[0].poll() not in (None, 0) or self.pid() is not None and not self.is_alive(self.pid())
        return any(process.poll() is not None for process in self.processes)

    def pid(self):
        """The process that a signal has to reach to end this server."""
        if not self.pidfile:
            return self.processes[-1].pid
        with contextlib.suppress(OSError, ValueError):
            return int(self.pidfile.read_text())
        return None

    def pids(self):
        return ([self.pid()] if self.pidfile else []) + [process.pid for process in self.processes]

    @staticmethod
    def is_alive(pid):
        with contextlib.suppress(OSError):
            return pid is not None and open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
        return False

    def last_words(self):
        self.log.flush()
        return " / ".join(self.log_path.read_text(errors="replace").splitlines()[-3:]) or "it said nothing"

    def lost_its_file(self):
        """qemu's tests remove their image, or make another one, before the server that has it ends, and dst rightly says so."""
        self.log.flush()
        said = self.log_path.read_text(errors="replace")
        return self.name in ("dst", "attach") and any(gone in said for gone in GONE)

    def stop(self):
        """Ends it in an orderly way, and returns what was wrong with it: by itself, at its end, or in its log."""
        wrong = [f"{self.name} had ended by itself: {self.last_words()}"] if self.processes and self.ended() else []
        if self.pidfile and self.processes:
            wrong += self.stop_background()
        # A device before the server that it is on.
        for process in reversed(self.processes):
            process.terminate()
            try:
                code = process.wait(PATIENCE)
                if code not in (0, -signal.SIGTERM) and not wrong and not self.lost_its_file():
                    wrong.append(f"{self.name} ended with exit code {code}: {self.last_words()}")
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                wrong.append(f"{self.name} did not end within {PATIENCE} s after SIGTERM")
        self.processes = []
        self.log.close()
        if self.name in ("dst", "attach"):
            said = self.log_path.read_text(errors="replace").splitlines()
            wrong += [line for line in said if " ERROR " in line and not any(gone in line for gone in GONE)][:1]
        return wrong

    def stop_background(self):
        end = time.monotonic() + PATIENCE
        # It may have gone into the background without having said yet which process it is.
        while self.processes[0].poll() in (None, 0) and self.pid() is None and time.monotonic() < end:
            time.sleep(0.02)
        pid = self.pid()
        if pid is None or not self.is_alive(pid):
            return []
        os.kill(pid, signal.SIGTERM)
        while self.is_alive(pid):
            if time.monotonic() > end:
                os.kill(pid, signal.SIGKILL)
                return [f"{self.name} did not end within {PATIENCE} s after SIGTERM"]
            time.sleep(0.02)
        return []
