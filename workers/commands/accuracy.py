"""How often the machine reads right, and what is drawn for a person, as `zerotrip stats` tells it."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from cases import accuracy as rules
from cases.items import Kind
from cases.thresholds import Effect, Tally
from storage.session import Transaction
from workers.commands.common import table


def accuracy_figures(tx: Transaction) -> dict[str, Any]:
    """`reading`: by kind and field; `sampling`: by instant item. For programs as for people."""
    seen = rules.accuracy(
        tx.truth_counts_of(), tx.thresholds_in_force(), tx.last_judgements(), tx.precision_target()
    )  # fmt: skip
    return {
        "precision_target": tx.precision_target(),
        "reading": [_of_field(of) for of in seen],
        "sampling": [_of_item(tx, item.code) for item in tx.items() if item.kind is Kind.INSTANT],
    }


def _of_field(of: rules.FieldAccuracy) -> dict[str, Any]:
    return {
        "kind": of.kind,
        "field": of.field,
        "read": _tally(of.read),
        "missed": of.missed,
        "by_class": {name: _tally(tally) for name, tally in of.by_class.items()},
        "by_confidence": [{"from": band.least / 100, **_tally(band.tally)} for band in of.bands],
        "threshold": None if of.in_force is None else _threshold(of.in_force, of.effect),
        "proposal": None if of.proposal is None else _threshold(of.proposal.least, of.proposal.effect),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    share = None if tally.share is None else round(tally.share, 6)
    return {"n": tally.n, "right": tally.correct, "share": share, "lower_bound": round(tally.lower, 6)}


def _threshold(least: int, effect: Effect | None) -> dict[str, Any]:
    told = {} if effect is None else {
        "judged": effect.judged,
        "findings_spared": effect.findings,
        "cases_spared": effect.freed,
        "would_pass": effect.passing.n,
        "would_pass_wrong": effect.passing.wrong,
    }  # fmt: skip
    return {"confidence": least / 100, **told}


def _of_item(tx: Transaction, code: str) -> dict[str, Any]:
    now = tx.sampling_share(code)
    return {"item": code, "share": now.share, "floor": tx.sampling_floor(code), "agreements_in_a_row": now.run}


def accuracy_tables(figures: dict[str, Any]) -> Iterator[Table]:
    """Nothing, where nobody has said anything of a field yet."""
    if figures["reading"]:
        columns = ("kind", "field", "checked", "right", "at least", "one reader", "missed", "threshold")
        yield table(columns, [_row(of) for of in figures["reading"]])
    if figures["sampling"]:
        rows = [(x["item"], f"{x['share']:.1%}", f"{x['floor']:.1%}") for x in figures["sampling"]]
        yield table(("instant item", "looked at", "at least"), rows)


def _row(of: dict[str, Any]) -> tuple[object, ...]:
    read, alone = of["read"], of["by_class"].get("one_reader")
    share = "" if read["share"] is None else f"{read['share']:.2%}"
    one = "" if alone is None else f"{alone['right']}/{alone['n']}"
    return of["kind"], of["field"], read["n"], share, f"{read['lower_bound']:.2%}", one, of["missed"], _told(of)


def _told(of: dict[str, Any]) -> str:
    if of["threshold"]:
        return f"on at {of['threshold']['confidence']:.2f}"
    best = of["proposal"]
    if best is None:
        return ""
    return f"could be {best['confidence']:.2f}: {best['cases_spared']} cases spared, {best['would_pass_wrong']} wrong"
