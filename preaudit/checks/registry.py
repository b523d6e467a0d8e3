"""The closed vocabulary of checks: a name in an item file, and the function that does it.

A check is a pure function from what it sees to findings, with three outcomes: certain (no finding, or a finding the
resident can mend), doubtful (a finding for a person), and cannot tell, which is also a finding for a person. A check
that cannot tell never passes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cases.errors import Refusal
from cases.findings import Finding
from cases.items import CheckCall
from preaudit.checks.described import Described, described
from preaudit.checks.params import Option, Params, ParamsInvalid, Parse, options
from preaudit.checks.sight import Sight, Spot, Whole

Findings = Iterable[Finding]


class CheckInvalid(Refusal):
    """An item calls a check that does not exist, or with parameters it does not take."""

    code = "check_invalid"


@dataclass(frozen=True)
class MaterialCheck:
    """Looks at one material. `reads`: the fields it needs, given its parameters. `whole`: says something about the
    material as a whole, so it must wait until all pages are there."""

    name: str
    parse: Parse
    run: Callable[[Sight, Params], Findings]
    reads: Callable[[Params], tuple[str, ...]]
    whole: bool
    described: Described


@dataclass(frozen=True)
class CrossCheck:
    """Looks at the whole application. `reads`: the references it needs (`material.field`, `form.x`, `answers.x`).
    `confirms`: the spots whose values it finds again elsewhere: two sources that agree make a weak reading certain."""

    name: str
    parse: Parse
    run: Callable[[Whole, Params], Findings]
    reads: Callable[[Params], tuple[str, ...]]
    confirms: Callable[[Whole, Params], Iterable[Spot]]
    described: Described


def _confirms_nothing(_: Whole, __: Params) -> Iterable[Spot]:
    return ()


MATERIAL_CHECKS: dict[str, MaterialCheck] = {}
CROSS_CHECKS: dict[str, CrossCheck] = {}


def _of_params(params: Params) -> tuple[str, ...]:
    """The usual fields a check reads: those its parameters name."""
    named = params.get("field") or params.get("fields") or ()
    return (named,) if isinstance(named, str) else tuple(named)


def check(
    name: str,
    *params: Option,
    reads: Callable[[Params], tuple[str, ...]] = _of_params,
    whole: bool = False,
) -> Callable[[Callable[[Sight, Params], Findings]], Callable[[Sight, Params], Findings]]:
    """Registers a check of one material under the name that item files use."""

    def register(run: Callable[[Sight, Params], Findings]) -> Callable[[Sight, Params], Findings]:
        told = described(name, "material", run, map(str, params))
        MATERIAL_CHECKS[name] = MaterialCheck(name, options(*params), run, reads, whole, told)
        return run

    return register


def cross_check(
    name: str,
    *params: Option,
    reads: Callable[[Params], tuple[str, ...]],
    confirms: Callable[[Whole, Params], Iterable[Spot]] = _confirms_nothing,
) -> Callable[[Callable[[Whole, Params], Findings]], Callable[[Whole, Params], Findings]]:
    """Registers a check across materials."""

    def register(run: Callable[[Whole, Params], Findings]) -> Callable[[Whole, Params], Findings]:
        told = described(name, "across", run, map(str, params))
        CROSS_CHECKS[name] = CrossCheck(name, options(*params), run, reads, confirms, told)
        return run

    return register


def material_check(call: CheckCall) -> tuple[MaterialCheck, Params]:
    """The check an item calls, with its parameters. Raises `CheckInvalid`."""
    known = MATERIAL_CHECKS.get(call.name)
    if known is None:
        raise _unknown(call.name, MATERIAL_CHECKS, CROSS_CHECKS)
    return known, _params(known.parse, call)


def cross_check_of(call: CheckCall) -> tuple[CrossCheck, Params]:
    known = CROSS_CHECKS.get(call.name)
    if known is None:
        raise _unknown(call.name, CROSS_CHECKS, MATERIAL_CHECKS)
    return known, _params(known.parse, call)


def _params(parse: Parse, call: CheckCall) -> Params:
    try:
        return parse(call.params)
    except ParamsInvalid as wrong:
        raise CheckInvalid(f"检查 {call.name} 的参数不对：{wrong}", check=call.name) from None


def _unknown(name: str, here: Iterable[str], elsewhere: Iterable[str]) -> CheckInvalid:
    if name in elsewhere:
        return CheckInvalid(f"检查 {name} 不能用在这里（单份材料与材料之间的检查不同）", check=name)
    return CheckInvalid(f"没有名为 {name} 的检查；可用的有 {', '.join(sorted(here))}", check=name)
