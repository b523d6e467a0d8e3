"""What a resident was told, as it stands in the app: there it is kept, whether a platform took it or not."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.items import Item
from cases.model import CaseNumber
from courier.registry import labels
from messaging.texts import in_english, message, text_of
from storage.notices import Notice
from storage.words import NoticeChannel, NoticeState
from web.auth import resident
from web.doors import Doors, doors
from web.english import NONE, TERMS, Names
from web.labels import Labels
from web.shapes import Shape, Time
from web.speaking import english
from web.words import SETTLEMENTS, names_of, partner_name, shown_item
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
        items = {number: tx.case_file(number).item for number in numbers}
        called = {item.name: shown_item(item).name for item in tx.items()} if english() else {}
    return _views(notices, items, called)


@router.get("/cases/{no}/messages")
def list_messages_of_case(no: str, me: Me, d: D) -> MessagesView:
    """The newest first."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        return _views(tx.notices_of(no), {file.case.number: file.item})


def _views(notices: Iterable[Notice], items: Mapping[CaseNumber, Item], called: Names = NONE) -> MessagesView:
    """Without what is for the holder of a phone alone. `called`: items that are known by their name alone, in English."""
    shown = [notice for notice in notices if not text_of(notice.template).secret]
    return MessagesView(messages=[_view(notice, items, called) for notice in reversed(shown)])


CHANNELS = Labels(
    "notice_channel",
    {
        NoticeChannel.PLATFORM: "已发到手机",
        NoticeChannel.TEXT_MESSAGE: "已发短信",
    },
)
STATES = Labels(
    "notice",
    {
        NoticeState.CREATED: "等待发送",
        NoticeState.SENDING: "正在发送",
        NoticeState.SENT: "已发送",
        NoticeState.FAILED: "没有发到手机，请以这里为准",
    },
)


def _how_it_went(notice: Notice) -> str:
    if notice.state is NoticeState.SENT and notice.channel is not None:
        return CHANNELS[notice.channel]
    return STATES[notice.state]


def _in_english(notice: Notice, name: str, names: Names) -> tuple[str, str]:
    """Of a notice that was sent in Chinese."""
    partners = {partner: partner_name(partner) for partner in labels()}
    words = {**TERMS, **names, **partners, **{str(how): words for how, words in SETTLEMENTS.items()}}
    return in_english(notice.template, words.get(name, name), notice.data, words)


def _view(notice: Notice, items: Mapping[CaseNumber, Item], called: Names) -> MessageView:
    item = items[notice.number] if notice.number is not None else None
    name = item.name if item else str(notice.data.get("item", ""))
    said = message(notice.template, name, str(notice.number or ""), notice.data, labels())
    title, text = (
        _in_english(notice, name, names_of(item) if item else called) if english() else (said.title, said.text)
    )
    return MessageView(
        id=notice.id,
        case=notice.number,
        template=notice.template,
        title=title,
        text=text,
        page=said.page,
        state=notice.state,
        state_label=_how_it_went(notice),
        channel=notice.channel,
        made_at=notice.made_at,
        sent_at=notice.sent_at,
    )
