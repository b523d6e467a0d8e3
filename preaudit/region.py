"""What a region allows: its departments, the proofs that may still be asked for there, and who carries its papers.
Data, one file each."""

from collections.abc import Mapping
from dataclasses import dataclass
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
        return Region(str(raw["region"]), str(raw["name"]), departments, proofs, certificates, couriers)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise RegionInvalid(f"{file}: 缺少或写错 {wrong}", file=str(file)) from None
