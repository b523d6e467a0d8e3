"""What a region allows: its departments, the proofs that may still be asked for there, and who carries its papers.
Data, one file each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cases.errors import Refusal
from preaudit.yaml_lines import read_lined

REGIONS = Path(__file__).parent / "regions"


class RegionInvalid(Refusal):
    code = "region_invalid"


@dataclass(frozen=True)
class Region:
    code: str
    name: str
    departments: Mapping[str, str]
    retained_proofs: Mapping[str, str]
    """Name → legal basis."""
    certificates: frozenset[str]
    """Documents named 证明 that law itself issues: not proofs in this sense."""
    couriers: tuple[str, ...] = ()
    """Partners, the preferred first; none: whatever a deployment has, in its own order."""
    days: Mapping[date, bool] = field(default_factory=dict)
    """Where its calendar differs from the country's: whether that day is worked."""
    name_en: str = ""
    departments_en: Mapping[str, str] = field(default_factory=dict)
    department_codes: Mapping[str, str] = field(default_factory=dict)
    """Unified social credit codes, where somebody wrote them down."""


def region_of(code: str, folder: Path | None = None) -> Region | None:
    """The region's data, or None where nobody wrote it down. Raises `RegionInvalid`, `YamlInvalid`."""
    file = (folder or REGIONS) / f"{code}.yaml"
    return _region(read_lined(file, "region").data, file) if code.isalnum() and file.is_file() else None


def _region(raw: Any, file: Path) -> Region:
    try:
        proofs = {str(p["name"]): str(p["basis"]) for p in raw["retained_proofs"]}
        departments = {str(k): str(v) for k, v in raw["departments"].items()}
        couriers = tuple(str(name) for name in raw.get("couriers", ()))
        certificates = frozenset(raw.get("certificates", ()))
        return Region(
            code=str(raw["region"]),
            name=str(raw["name"]),
            departments=departments,
            retained_proofs=proofs,
            certificates=certificates,
            couriers=couriers,
            days=_days(raw.get("calendar", {})),
            name_en=str(raw.get("name_en", "")),
            departments_en={str(k): str(v) for k, v in raw.get("departments_en", {}).items()},
            department_codes={str(k): str(v) for k, v in raw.get("department_codes", {}).items()},
        )
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise RegionInvalid(f"{file}: 缺少或写错 {wrong}", file=str(file)) from None


def _days(calendar: Any) -> dict[date, bool]:
    """`rest` and `work`: lists of dates, YYYY-MM-DD. Raises `ValueError`."""
    strange = set(calendar) - {"rest", "work"}
    days = [(date.fromisoformat(str(day)), name == "work") for name in calendar for day in calendar[name] or ()]
    twice = len({day for day, _ in days}) < len(days)
    if strange or twice:
        raise ValueError(f"calendar: {', '.join(sorted(strange)) or '同一天写了两次'}")
    return dict(days)
