"""The machine the figures belong to, and what processes on it hold."""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

LIBRARIES = (
    "rapidocr",
    "onnxruntime",
    "openvino",
    "opencv-python-headless",
    "opencv-python",
    "pillow",
    "dramatiq",
    "fastapi",
)
PROGRAMS = ("tesseract", "ocrmypdf")


def describe() -> list[tuple[str, str]]:
    """Name and value of what a reader needs to judge the figures."""
    return [
        ("processor", processor()),
        ("cores this process may use", str(len(cores()))),
        ("memory", f"{_kilobytes('/proc/meminfo', 'MemTotal') / 1e6:.1f} GB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("libraries", _libraries()),
        ("programs", ", ".join(f"{name} {version}" for name in PROGRAMS if (version := program_version(name)))),
    ]


def processor() -> str:
    return _first("/proc/cpuinfo", "model name") or platform.machine()


def cores() -> list[int]:
    """Those this process may run on."""
    return sorted(os.sched_getaffinity(0))


def load() -> float:
    """The load average of the last minute."""
    return os.getloadavg()[0]


def program_version(name: str) -> str:
    """What `NAME --version` ends its first line with; empty when it is not installed."""
    if shutil.which(name) is None:
        return ""
    told = subprocess.run([name, "--version"], capture_output=True, text=True, timeout=30, check=False)
    first = (told.stdout or told.stderr).splitlines()[:1]
    return first[0].split()[-1] if first and first[0].split() else ""


def _libraries() -> str:
    """Those of `LIBRARIES` that are there."""
    there = {d.metadata["Name"].lower(): d.version for d in distributions()}
    return ", ".join(f"{name} {there[name]}" for name in LIBRARIES if name in there)


@dataclass(frozen=True)
class Held:
    """Megabytes of a process and all that descend from it. `rss` counts a shared page once for each, `pss` once in all."""

    rss: float = 0.0
    pss: float = 0.0

    def most(self, other: "Held") -> "Held":
        return Held(max(self.rss, other.rss), max(self.pss, other.pss))


NOTHING_HELD = Held()


def held_by(pid: int) -> Held:
    members = family(pid)
    return Held(sum(map(_rss, members)), sum(map(resident_megabytes, members)))


def resident_megabytes(pid: int) -> float:
    """Memory of the process alone now: its private pages and its share of the shared ones (Pss)."""
    return _kilobytes(f"/proc/{pid}/smaps_rollup", "Pss") / 1e3


def _rss(pid: int) -> float:
    return _kilobytes(f"/proc/{pid}/status", "VmRSS") / 1e3


def family(pid: int) -> list[int]:
    """The process and all that descend from it, whichever thread started them."""
    return [pid, *(member for child in _children(pid) for member in family(child))]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        lists = list(Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:  # the process has gone
        return found
    for listed in lists:
        try:
            found += map(int, listed.read_text().split())
        except OSError:  # the thread has gone
            continue
    return found


def _first(path: str, key: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:  # the process has gone, or another system
        return ""
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith(key + "\t") or line.startswith(key + ":")),
        "",
    )


def _kilobytes(path: str, key: str) -> float:
    return float((_first(path, key) or "0").split()[0])


def cpu_by_command(pid: int) -> dict[str, float]:
    """Processor seconds so far, user and system, of the process and all that descend from it, by program and module; who has
    ended is counted with whoever started it."""
    used: dict[str, float] = {}
    for member in family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            name = command_of(member)
        except OSError:  # it has gone
            continue
        used[name] = used.get(name, 0.0) + sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return used


def command_of(pid: int) -> str:
    """The program and its module: what comes after is numbers, paths and secrets."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    plain = [Path(word).name for word in words if word and not word.startswith("-") and not word.isdigit()]
    return " ".join(word for word in plain[:3] if len(word) < 30)


def busy() -> float:
    """Processor seconds that the whole machine has worked so far, whoever for."""
    fields = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")  # but for idle and waiting for a disk
