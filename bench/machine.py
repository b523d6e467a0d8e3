"""The machine the figures belong to."""

import os
import platform
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


def describe() -> list[tuple[str, str]]:
    """Name and value of what a reader needs to judge the figures."""
    return [
        ("processor", _first("/proc/cpuinfo", "model name") or platform.machine()),
        ("cores this process may use", str(len(os.sched_getaffinity(0)))),
        ("memory", f"{_kilobytes('/proc/meminfo', 'MemTotal') / 1e6:.1f} GB"),
        ("load when it began", f"{os.getloadavg()[0]:.1f}"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("libraries", _libraries()),
    ]


def _libraries() -> str:
    """Those of `LIBRARIES` that are there."""
    there = {d.metadata["Name"].lower(): d.version for d in distributions()}
    return ", ".join(f"{name} {there[name]}" for name in LIBRARIES if name in there)


def peak_megabytes(pid: int | str = "self") -> float:
    """The most memory the process has held since it was started (VmHWM)."""
    return _kilobytes(f"/proc/{pid}/status", "VmHWM") / 1e3


def resident_megabytes(pid: int) -> float:
    """Memory of the process alone now: its private pages and its share of the shared ones (Pss)."""
    return _kilobytes(f"/proc/{pid}/smaps_rollup", "Pss") / 1e3


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    below = children.read_text().split() if children.exists() else []
    return [pid, *(member for child in below for member in family(int(child)))]


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
