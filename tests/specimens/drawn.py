"""A drawn paper with its truth, and the people that stand on papers together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from PIL import Image

from tests.specimens.people import AS_OF, HAIZHU, Person, age_on, identity_number, invent


@dataclass(frozen=True)
class Drawn:
    """`fields` by the contract's names; `strings` stand on the paper as printed."""

    image: Image.Image
    fields: Mapping[str, str]
    strings: tuple[str, ...]


def day_between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange(max(1, (last - first).days)))


def in_han(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def couple(seed: int) -> tuple[Person, Person]:
    """A man and a woman of different names, both old enough to have married."""
    made = (invent(seed * 31 + place, home=HAIZHU) for place in range(200))
    grown = [person for person in made if 25 <= age_on(person.birth_date, AS_OF) <= 60]
    man = next(person for person in grown if person.sex == "男")
    woman = next(person for person in grown if person.sex == "女" and person.name != man.name)
    return man, woman


def child_of(father: Person, seed: int) -> Person:
    """Born in the year before the papers, with the father's surname and home."""
    rng = Random(f"child {seed}")
    child = invent(seed * 31 + 777, home=HAIZHU)
    born = day_between(rng, AS_OF - timedelta(days=360), AS_OF - timedelta(days=20))
    number = identity_number(father.region, born, child.sex, rng)
    return replace(
        child, name=father.name[0] + child.name[1:], birth_date=born, id_number=number, address=father.address
    )
