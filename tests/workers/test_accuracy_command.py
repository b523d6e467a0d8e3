"""What `zerotrip stats` says of reading and sampling: the same figures for programs and for people."""

from io import StringIO

from rich.console import Console

from storage.actors import Actor
from storage.session import Database
from storage.truth_tables import truth_counts
from tests.cases.world import INSTANT
from tests.storage.kept import publish
from workers.commands.accuracy import accuracy_figures, accuracy_tables


def test_reading_and_sampling_are_told(plain_database: Database) -> None:
    item = publish(plain_database, **INSTANT)
    with plain_database.transaction() as tx:
        for read_as, band, n, correct in (("one_reader", 99, 900, 899), ("checksum", 99, 50, 50), ("missed", 0, 2, 0)):
            key = {"kind": "id_card_front", "field": "name", "read_as": read_as, "band": band}
            tx.insert_new(truth_counts, {**key, "n": n, "correct": correct})
        tx.set_sampling_floor(item.code, 0.1, Actor("staff", "boss"))
        tx.set_precision_target(0.99, Actor("staff", "boss"))
        told = accuracy_figures(tx)
    (field,) = told["reading"]
    assert field["read"] == {"n": 950, "right": 949, "share": 0.998947, "lower_bound": 0.994062}
    assert (field["missed"], field["by_class"]["one_reader"]["right"]) == (2, 899)
    assert (field["proposal"]["confidence"], field["proposal"]["would_pass_wrong"], field["threshold"]) == (
        0.99,
        1,
        None,
    )
    assert told["sampling"] == [{"item": item.code, "share": 0.1, "floor": 0.1, "agreements_in_a_row": 0}]
    console = Console(width=160, file=StringIO())
    for table in accuracy_tables(told):
        console.print(table)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "could be 0.99: 0 cases spared, 1 wrong" in text
    assert "10.0%" in text


def test_nothing_is_told_where_nobody_has_said_anything(plain_database: Database) -> None:
    with plain_database.reading() as tx:
        assert list(accuracy_tables(accuracy_figures(tx))) == []
