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


def test_what_a_machine_made_is_hashed_in_no_time_and_checked_as_slowly_as_any() -> None:
    passwords = Passwords(32)
    begun = process_time()
    hashed = passwords.hashed_lightly("Qx0ZkW3vT9sLm2aB")
    made = process_time()
    assert passwords.right(hashed, "Qx0ZkW3vT9sLm2aB")
    right = process_time()
    passwords.refuse_nobody("Qx0ZkW3vT9sLm2aB")
    assert made - begun < (right - made) / 3
    assert process_time() - right < (right - made) * 3
    assert not passwords.right(hashed, "Qx0ZkW3vT9sLm2aC")
