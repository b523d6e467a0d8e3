"""How often what happens in a street: bells, deeds of people, parcels that move, rounds of the clock, newcomers, losses."""

from tests.simulation import machine, office, pickups, residents, sweeps
from tests.simulation.deeds import somebody
from tests.simulation.rules import RULES, Rules
from tests.simulation.street import Street, often

__all__ = ["Street", "lived", "office"]
STEPS_OF_A_STREET = 2000


def parcels(street: Street) -> None:
    for event in street.couriers.live(street.at):
        street.queue.push(event, street.at)


def lose(street: Street) -> None:
    street.queue.lose()


often(36, machine.hear)
often(36, somebody)
often(13, parcels)
often(4, sweeps.round_)
often(8, residents.arrive)
often(3, pickups.share)
often(1, pickups.call_off)
often(1, lose)


def lived(seed: int, steps: int, rules: Rules = RULES) -> Street:
    """One street, from its first day on. Raises `Broken`."""
    return Street(seed, rules).live(steps)
