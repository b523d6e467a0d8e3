"""What people may do with a case, by the state in which it makes sense, and how often. Now and then somebody does it in
any other state: then the rules refuse, or it must do no harm.
"""

from collections.abc import Callable

from cases.lifecycle import CaseState
from tests.simulation.street import Deed, Street

OUT_OF_PLACE = 40
"""One deed in so many does not ask for the state."""
_BY_STATE: dict[CaseState, list[tuple[int, Deed]]] = {state: [] for state in CaseState}
_ALL: list[Deed] = []


def deed(often: int, *states: CaseState) -> Callable[[Deed], Deed]:
    """`states`: none for any."""

    def keep(one: Deed) -> Deed:
        _ALL.append(one)
        for state in states or CaseState:
            _BY_STATE[state].append((often, one))
        return one

    return keep


def somebody(street: Street) -> None:
    """Somebody does something with a case; who finds nothing to do leaves it to the next."""
    for _ in range(8):
        case = street.any_case()
        if case is None or street.acted:
            return
        if street.flip(OUT_OF_PLACE):
            street.luck.choice(_ALL)(street, case)
            continue
        sensible = _BY_STATE[case.file.case.state]
        deeds, often = [d for _, d in sensible], [w for w, _ in sensible]
        street.luck.choices(deeds, often)[0](street, case)
