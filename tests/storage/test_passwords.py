"""Passwords: right or wrong, at the cost that was set, and a name that nobody has costs the same."""

from time import process_time

from storage.passwords import Passwords


def test_a_password_is_right_or_wrong_whatever_the_cost_it_was_hashed_at() -> None:
    light, heavy = Passwords(8), Passwords(16)
    hashed = heavy.hashed("correct horse battery")
    assert "$m=16384," in hashed
    assert light.right(hashed, "correct horse battery")
    assert not light.right(hashed, "correct horse battery!")
    assert not light.right("", "correct horse battery")


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords(32)
    hashed = passwords.hashed("correct horse battery")
    begun = process_time()
    passwords.right(hashed, "wrong")
    wrong = process_time()
    passwords.refuse_nobody("wrong")
    assert process_time() - wrong > (wrong - begun) / 3
