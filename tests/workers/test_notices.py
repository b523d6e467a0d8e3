"""Messages to residents: one way after the other, honest states, not at night."""

from datetime import datetime, timedelta

import pytest

from cases.effects import JobKind, Notify
from messaging.port import Cause, NotSent, PlatformDown
from messaging.texts import QuietHours
from storage.jobs import MAX_ATTEMPTS
from storage.notices import Notice
from storage.words import JobState, NoticeChannel, NoticeState
from tests.workers.room import Room
from workers.context import SYSTEM
from workers.jobs import Ended

ALL_DAY = QuietHours(0, 24 * 60)
UNSUBSCRIBED = NotSent(Cause.UNSUBSCRIBED, "43101 user refuse to accept the msg")


def _tell(room: Room, template: str = "returned") -> None:
    with room.database.transaction() as tx:
        tx.apply(room.number, (Notify(template, {"findings": 2}),), actor=SYSTEM)


def _notice(room: Room) -> Notice:
    with room.database.reading() as tx:
        return tx.notices_of(room.number)[-1]


def test_whoever_refused_the_platforms_message_gets_a_text_message(room: Room) -> None:
    _tell(room)
    room.platform.answers = [UNSUBSCRIBED]
    assert room.do(JobKind.NOTICE_SEND) is Ended.DONE
    notice = _notice(room)
    assert (notice.state, notice.channel) == (NoticeState.SENT, NoticeChannel.TEXT_MESSAGE)
    assert notice.cause == "unsubscribed: 43101 user refuse to accept the msg"
    assert room.texts is not None
    ((phone, said),) = room.texts.sent
    assert phone == room.world.file.case.applicant.phone
    assert "有2处要补正" in said.text


def test_where_nobody_takes_it_the_notice_has_failed_and_says_why(room: Room) -> None:
    _tell(room)
    room.platform.answers = [UNSUBSCRIBED]
    room.texts = None
    assert room.do(JobKind.NOTICE_SEND) is Ended.DONE
    assert (_notice(room).state, _notice(room).channel) == (NoticeState.FAILED, None)
    assert (_notice(room).cause or "").startswith("unsubscribed")


def test_a_platform_that_is_down_is_asked_again_and_in_the_end_a_text_is_sent(room: Room) -> None:
    _tell(room)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        room.platform.answers = [PlatformDown("busy", timedelta(microseconds=1))]
        ended = room.do(JobKind.NOTICE_SEND)
        assert ended is (Ended.DONE if attempt == MAX_ATTEMPTS else Ended.RETRIED)
    assert (_notice(room).channel, _notice(room).cause) == (NoticeChannel.TEXT_MESSAGE, "busy")


def test_at_night_only_what_is_urgent_goes_out(room: Room) -> None:
    room.quiet = ALL_DAY
    _tell(room)
    assert room.do(JobKind.NOTICE_SEND) is Ended.DONE
    assert (room.platform.sent, _notice(room).state) == ([], NoticeState.CREATED)
    assert room.job(JobKind.NOTICE_SEND, _notice(room).id, JobState.QUEUED).attempts == 0
    _tell(room, "courier_window_moved")
    assert room.do(JobKind.NOTICE_SEND, _notice(room).id) is Ended.DONE
    assert _notice(room).state is NoticeState.SENT


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-02T21:59:00+08:00", None),
        ("2026-03-02T22:00:00+08:00", "2026-03-03T08:00:00+08:00"),
        ("2026-03-03T07:59:59+08:00", "2026-03-03T08:00:00+08:00"),
        ("2026-03-03T08:00:00+08:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(at: str, until: str | None) -> None:
    ends = QuietHours(22 * 60, 8 * 60).until(datetime.fromisoformat(at))
    assert ends == (datetime.fromisoformat(until) if until else None)
