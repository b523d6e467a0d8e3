"""What a resident was told about a case, as it stands in the app: there it is kept, whether a platform took it or not."""

from typing import Annotated

from fastapi import APIRouter, Depends

from courier.registry import labels
from messaging.texts import message
from storage.words import NoticeState
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import Shape, Time
from web.writing import Caller

router = APIRouter(prefix="/api/v1/cases", tags=["messages"])


class MessageView(Shape):
    """`state`: whether it also went out to the phone."""

    id: str
    template: str
    title: str
    text: str
    page: str
    state: NoticeState
    made_at: Time
    sent_at: Time | None


class MessagesView(Shape):
    messages: list[MessageView]


@router.get("/{no}/messages")
def list_messages(
    no: str, me: Annotated[Caller, Depends(resident)], d: Annotated[Doors, Depends(doors)]
) -> MessagesView:
    """The newest first."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        notices = tx.notices_of(no)
    made = [(notice, message(notice.template, file.item.name, no, notice.data, labels())) for notice in notices]
    return MessagesView(
        messages=[
            MessageView(
                id=notice.id,
                template=notice.template,
                title=said.title,
                text=said.text,
                page=said.page,
                state=notice.state,
                made_at=notice.made_at,
                sent_at=notice.sent_at,
            )
            for notice, said in reversed(made)
        ]
    )
