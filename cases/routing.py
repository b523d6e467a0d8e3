"""Routing: which departments decide a case, side by side unless one waits for another. Routing is the item's data."""

from dataclasses import dataclass

from cases.items import Item, RoutingStep, applies
from cases.model import Case

UNROUTED = "unrouted"
"""The desk that always exists: a case that no rule routes lands there instead of nowhere."""


@dataclass(frozen=True)
class Route:
    step: RoutingStep
    because: str


def route(item: Item, case: Case) -> tuple[Route, ...]:
    """The assignments of a case and why. Total: without a matching step the answer is the unrouted desk."""
    steps = [s for s in item.routing if applies(s.when, case.answers)]
    chosen = {s.key for s in steps}
    routes = tuple(Route(_without(s, chosen), f"{item.code} v{item.version} {s.key}") for s in steps)
    if routes:
        return routes
    days = item.limits.promised_days
    return (
        Route(RoutingStep("unrouted", UNROUTED, days, "人工分派"), f"{item.code} v{item.version}: no step applies"),
    )


def _without(step: RoutingStep, chosen: set[str]) -> RoutingStep:
    """A step waits only for steps that this case has."""
    after = tuple(k for k in step.after if k in chosen)
    return RoutingStep(step.key, step.department, step.days, step.task, after, step.when)
