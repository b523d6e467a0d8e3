"""Memory is given back when no page is read, and not between pages."""

import threading

from preaudit.memory import AtWork, give_back, share_stores

PATIENCE_SECONDS = 10.0


def test_memory_is_given_back_once_the_last_page_is_read() -> None:
    rested = threading.Event()
    work = AtWork(rested.set, seconds=0.0)
    with work.reading():
        with work.reading():
            pass
        assert not rested.wait(0.05)
    assert rested.wait(PATIENCE_SECONDS)


def test_the_next_page_keeps_it() -> None:
    rested = threading.Event()
    work = AtWork(rested.set, seconds=0.2)
    with work.reading():
        pass
    with work.reading():
        assert not rested.wait(0.3)
    assert rested.wait(PATIENCE_SECONDS)


def test_asking_the_c_library_is_harmless_at_any_time() -> None:
    share_stores()
    give_back()
