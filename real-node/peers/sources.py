"""Where the suites come from: a folder that DST_PEERS names, or Debian's source packages; built in a cache, nothing in the tree."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "dst" / "peers"

# What is needed from the machine: a program, and the Debian packages that bring it.
PROGRAMS = {
    "gcc": ["gcc", "libc6-dev"],
    "pkg-config": ["pkg-config", "libglib2.0-dev"],
    "dpkg-source": ["dpkg-dev"],
    "nbdfuse": ["libnbd-bin", "fuse3"],
    "qemu-io": ["qemu-utils"],
    "nbdkit": ["nbdkit"],
    "nbd-server": ["nbd-server"],
}

# A file by which each source is known, and Debian's package that has it. The first one found is taken.
NBD = [("tests/run/nbd-tester-client.c", "nbd")]
IOTESTS = [("tests/qemu-iotests/check", "qemu")]
FSX = [("ltp/fsx.c", None), ("src/tests/fsx.c", "openafs")]

# What is kept of a large one.
PARTS = {"qemu": ["tests/qemu-iotests", "python"]}

# What autoconf would find out on any Linux of 64 bits.
NBD_CONFIG = """#define NBD_LFS 1
#define HAVE_MKSTEMP 1
#define HAVE_FDATASYNC 1
#define SIZEOF_UNSIGNED_SHORT_INT 2
#define SIZEOF_UNSIGNED_INT 4
#define SIZEOF_UNSIGNED_LONG_INT 8
#define SIZEOF_UNSIGNED_LONG_LONG_INT 8
"""
FSX_CONFIG = "#include <getopt.h>\n#include <stdint.h>\n#define STDC_HEADERS 1\n#define FALLOCATE 1\n" + "".join(
    f"#define HAVE_{name}_H 1\n" for name in [
        "SYS_TYPES", "SYS_STAT", "SYS_TIME", "SYS_IOCTL", "SYS_PARAM", "SYS_FCNTL", "STDLIB", "UNISTD", "ERRNO", "STRING",
        "ERR", "LIBGEN", "ASSERT", "DIRENT", "MALLOC", "LINUX_FALLOC"])


class Missing(Exception):
    """Something that a suite needs is not to be had here; in words."""


def say(text):
    print(f"peers: {text}", flush=True)


def run(*command, log, **options):
    """Runs a command into a log; Missing with the end of that if it fails."""
    with open(log, "a") as out:
        out.write(f"$ {shlex.join(str(word) for word in command)}\n")
        out.flush()
        code = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                              timeout=1800, **options).returncode
    if code != 0:
        errors = [line for line in pathlib.Path(log).read_text(errors="replace").splitlines() if "rror" in line or line.startswith("E:")]
        raise Missing(f"{command[0]} failed: {errors[-1] if errors else 'exit code ' + str(code)} (all of it: {log})")


def install_what_is_missing():
    """Debian's packages for what this machine lacks, if this may install; else it says what is missing and goes on."""
    missing = sorted({package for program, packages in PROGRAMS.items() if not shutil.which(program) for package in packages})
    if shutil.which("pkg-config") and subprocess.run(["pkg-config", "--exists", "glib-2.0"]).returncode != 0:
        missing.append("libglib2.0-dev")
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say(f"missing here, and only root on Debian may install them: {' '.join(missing)}")
        return
    say(f"installing {' '.join(missing)} ...")
    log = CACHE / "install.log"
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    try:
        run("apt-get", "-q", "update", log=log, env=environment)
        run("apt-get", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600", "install", *missing, log=log,
            env=environment)
    except Missing as why:
        say(f"not all of it: {why}")


class Sources:
    """The suites' sources and programs, found, fetched and built when first asked for; what was missing once stays missing."""

    def __init__(self):
        self.known = {}

    def once(self, name, make):
        if name not in self.known:
            try:
                self.known[name] = make()
            except Missing as why:
                self.known[name] = why
        if isinstance(self.known[name], Missing):
            raise self.known[name]
        return self.known[name]

    def root(self, kinds):
        """The folder of a source, and the file by which it is known."""
        return self.once(kinds[0][0], lambda: self.find(kinds))

    def find(self, kinds):
        folder = os.environ.get("DST_PEERS")
        if folder:
            for marker, _ in kinds:
                for found in sorted(pathlib.Path(folder).glob("*/" + marker)) + sorted(pathlib.Path(folder).glob(marker)):
                    return pathlib.Path(str(found.absolute())[:-len(marker)]), marker
            raise Missing(f"no {' or '.join(marker for marker, _ in kinds)} in a folder of DST_PEERS={folder}")
        for marker, package in kinds:
            if package:
                root = self.once("package " + package, lambda: self.fetch(package))
                if not (root / marker).is_file():
                    raise Missing(f"Debian's source package {package} has no {marker}")
                return root, marker
        raise Missing("no package of Debian's has it: name a folder with DST_PEERS")

    def fetch(self, package):
        """Debian's source package, unpacked with Debian's changes."""
        target = CACHE / "sources" / package
        if target.is_dir():
            return target
        if not shutil.which("apt-get"):
            raise Missing("no apt-get here: name a folder with the sources with DST_PEERS")
        say(f"fetching Debian's source package {package} ...")
        apt = self.once("apt", self.private_apt)
        work = CACHE / "fetching" / package
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        log = CACHE / f"fetch-{package}.log"
        log.unlink(missing_ok=True)
        try:
            run("apt-get", *apt, "-q", "source", package, log=log, cwd=work)
        except Missing:
            failed = re.search(r"Failed to fetch \S*/(\S+) +([^[\n]*)", log.read_text(errors="replace"))
            if not failed:
                raise
            raise Missing(f"Debian's source package {package} is not to be had here ({failed[1]}: {failed[2].strip()}): "
                          "name a folder with DST_PEERS") from None
        unpacked = [entry for entry in work.iterdir() if entry.is_dir()]
        if len(unpacked) != 1:
            raise Missing(f"the source package {package} unpacked to {len(unpacked)} folders")
        target.parent.mkdir(parents=True, exist_ok=True)
        kept = work / "kept"
        for part in PARTS.get(package, ["."]):
            shutil.copytree(unpacked[0] / part, kept / part, symlinks=True)
        kept.rename(target)
        shutil.rmtree(work)
        return target

    def private_apt(self):
        """Options for an apt of its own that knows the sources of this machine's Debian packages; /etc stays as it is."""
        lines = self.source_lines()
        if not lines and os.geteuid() == 0:
            run("apt-get", "-q", "update", log=CACHE / "fetch.log")
            lines = self.source_lines()
        if not lines:
            raise Missing("apt-get knows no lists of Debian's: run apt-get update first")
        folder = CACHE / "apt"
        for sub in ["lists/partial", "archives/partial"]:
            (folder / sub).mkdir(parents=True, exist_ok=True)
        (folder / "sources.list").write_text("".join(sorted(lines)))
        options = ["-o", f"Dir::Etc::sourcelist={folder}/sources.list", "-o", "Dir::Etc::sourceparts=/dev/null",
                   "-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}", "-o", "APT::Sandbox::User=root"]
        run("apt-get", *options, "-q", "update", log=CACHE / "fetch.log")
        return options

    @staticmethod
    def source_lines():
        listed = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)", "Identifier: Packages"],
            capture_output=True, text=True).stdout.splitlines()
        parts = [line.split("|") for line in listed]
        return {f"deb-src {uri} {release} {component}\n" for origin, uri, release, component in parts if origin == "Debian"}

    def compile(self, name, config, source, *options):
        """A program made of C in one go, with a config.h of ours."""
        folder = CACHE / "build" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.h").write_text(config)
        program = folder / name
        if not program.exists() or program.stat().st_mtime < max(pathlib.Path(file).stat().st_mtime for file in source):
            if not shutil.which("gcc"):
                raise Missing("no gcc here")
            say(f"building {name} ...")
            run("gcc", "-O1", "-w", "-D_GNU_SOURCE", f"-I{folder}", "-o", program, *source, *options, log=folder / "build.log")
        return program

    def nbd_tester_client(self):
        root, marker = self.root(NBD)
        glib = subprocess.run(["pkg-config", "--cflags", "--libs", "glib-2.0"], capture_output=True, text=True)
        if glib.returncode != 0:
            raise Missing("no glib to build it with (Debian: libglib2.0-dev)")
        return self.once("nbd-tester-client", lambda: self.compile(
            "nbd-tester-client", NBD_CONFIG, [root / marker, root / "cliserv.c"], f"-I{root}", *glib.stdout.split()))

    def trace(self, name):
        root, _ = self.root(NBD)
        return root / "tests/run" / name

    def fsx(self):
        root, marker = self.root(FSX)
        return self.once("fsx", lambda: self.compile("fsx", FSX_CONFIG, [root / marker], f"-I{root}/src"))

    def iotests(self):
        root, marker = self.root(IOTESTS)
        return (root / marker).parent
