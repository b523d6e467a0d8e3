"""What a resident was told, as it stands in the app: there it is kept, whether a platform took it or not."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.model import CaseNumber
from courier.registry import labels
from messaging.texts import message, text_of
from storage.notices import Notice
from storage.words import NoticeChannel, NoticeState
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import Shape, Time
from web.writing import Caller

router = APIRouter(prefix="/api/v1", tags=["messages"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


class MessageView(Shape):
    """`case`: None where it is of no case. `state`: whether it also went out to the phone, and by which `channel`."""

    id: str
    case: str | None
    template: str
    title: str
    text: str
    page: str
    state: NoticeState
    state_label: str
    channel: NoticeChannel | None
    made_at: Time
    sent_at: Time | None


class MessagesView(Shape):
    messages: list[MessageView]


@router.get("/messages")
def list_messages(me: Me, d: D, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> MessagesView:
    """Of all cases and of none, the newest first."""
    with d.database.reading() as tx:
        notices = tx.notices_to(me.actor.id, limit)
        numbers = {n.number for n in notices if n.number is not None}
        items = {number: tx.case_file(number).item.name for number in numbers}
    return _views(notices, items)


@router.get("/cases/{no}/messages")
def list_messages_of_case(no: str, me: Me, d: D) -> MessagesView:
    """The newest first."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        return _views(tx.notices_of(no), {file.case.number: file.item.name})


def _views(notices: Iterable[Notice], items: dict[CaseNumber, str]) -> MessagesView:
    """Without what is for the holder of a phone alone."""
    shown = [notice for notice in notices if not text_of(notice.template).secret]
    return MessagesView(messages=[_view(notice, items) for notice in reversed(shown)])


CHANNELS: Mapping[NoticeChannel, str] = {
    NoticeChannel.PLATFORM: "已发到手机",
    NoticeChannel.TEXT_MESSAGE: "已发短信",
}
STATES: Mapping[NoticeState, str] = {
    NoticeState.CREATED: "等待发送",
    NoticeState.SENDING: "正在发送",
    NoticeState.SENT: "已发送",
    NoticeState.FAILED: "没有发到手机，请以这里为准",
}


def _how_it_went(notice: Notice) -> str:
    if notice.state is NoticeState.SENT and notice.channel is not None:
        return CHANNELS[notice.channel]
    return STATES[notice.state]


def _view(notice: Notice, items: dict[CaseNumber, str]) -> MessageView:
    item = items[notice.number] if notice.number is not None else str(notice.data.get("item", ""))
    said = message(notice.template, item, str(notice.number or ""), notice.data, labels())
    return MessageView(
        id=notice.id,
        case=notice.number,
        template=notice.template,
        title=said.title,
        text=said.text,
        page=said.page,
        state=notice.state,
        state_label=_how_it_went(notice),
        channel=notice.channel,
        made_at=notice.made_at,
        sent_at=notice.sent_at,
    )
