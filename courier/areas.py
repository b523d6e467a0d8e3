"""Areas 网格: which part of a district a grid worker looks after. Data of the deployment, read from one line.

`code:district:word word` one after the other, separated by semicolons; the first whose district is the address's and
one of whose words stands in it is the address's area. An area without words is the rest of its district, so it stands
last: `hz-chigang:海珠区:赤岗 新港;hz:海珠区`. A deployment writes streets, communities or estates, as it has them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from courier.port import Address

CODE_MAX = 32


class AreasWrong(ValueError):
    """The line says something that cannot be right; the message says what."""


@dataclass(frozen=True)
class Area:
    code: str
    district: str
    words: tuple[str, ...] = ()

    def holds(self, address: Address) -> bool:
        if self.district not in (address.district, address.city):
            return False
        return not self.words or any(word in address.detail for word in self.words)


def areas_from(line: str) -> tuple[Area, ...]:
    """Raises `AreasWrong`."""
    areas = tuple(_area(part) for part in line.split(";") if part.strip())
    codes = [a.code for a in areas]
    if len(set(codes)) != len(codes):
        raise AreasWrong("an area's code stands twice")
    for i, area in enumerate(areas):
        hidden = next((a.code for a in areas[i + 1 :] if not area.words and a.district == area.district), None)
        if hidden is not None:
            raise AreasWrong(f"nothing reaches {hidden}: {area.code} before it is the whole of {area.district}")
    return areas


def _area(part: str) -> Area:
    code, _, rest = part.strip().partition(":")
    district, _, words = rest.partition(":")
    if not (code.isascii() and code.replace("-", "").isalnum() and len(code) <= CODE_MAX) or not district.strip():
        raise AreasWrong(f"an area is code:district:words, not {part.strip()!r}")
    return Area(code, district.strip(), tuple(words.split()))


def area_of(areas: Iterable[Area], address: Address) -> Area | None:
    return next((a for a in areas if a.holds(address)), None)
