"""The closed vocabulary of checks. Importing this package registers them all.

Which checks there are: `describe()`. What an item file may call them with: `material_check`, `cross_check_of`.
"""

from preaudit.checks import across, dates, ink, papers, people, places, quotes, situations, values
from preaudit.checks.registry import (
    CROSS_CHECKS,
    MATERIAL_CHECKS,
    CheckInvalid,
    CrossCheck,
    MaterialCheck,
    cross_check_of,
    describe,
    material_check,
)

REGISTERED = (across, dates, ink, papers, people, places, quotes, situations, values)

__all__ = [
    "CROSS_CHECKS",
    "MATERIAL_CHECKS",
    "REGISTERED",
    "CheckInvalid",
    "CrossCheck",
    "MaterialCheck",
    "cross_check_of",
    "describe",
    "material_check",
]
