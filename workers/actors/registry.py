"""Every kind of job and its handler, and their declaration as dramatiq actors."""

import dramatiq
from dramatiq.middleware import CurrentMessage

from storage.jobs import home_queue
from storage.words import Queue
from workers.actors.arriving import INBOX_HANDLE
from workers.actors.booking import COURIER_BOOK, COURIER_CANCEL, COURIER_FIND
from workers.actors.bundles import BUNDLE_OPEN
from workers.actors.catalogue import ITEM_BACKTEST, ITEM_LINT
from workers.actors.inquiries import REGISTRY_ASK
from workers.actors.judging import CASE_JUDGE
from workers.actors.notices import NOTICE_SEND
from workers.actors.pages import PAGE_READ
from workers.actors.papers import DOCUMENT_MAKE
from workers.actors.pickups import PICKUP_BOOK, PICKUP_CANCEL, PICKUP_FIND
from workers.actors.polling import COURIER_POLL, COURIER_SUBSCRIBE
from workers.actors.routing import CASE_ROUTE
from workers.actors.sent_along import COMPLAINT_PICTURE
from workers.actors.webhooks import WEBHOOK_SEND
from workers.context import Context
from workers.jobs import Handler, Handlers, perform_all
from workers.solitude import Solitude

ALL = (
    PAGE_READ, CASE_JUDGE, CASE_ROUTE, COURIER_BOOK, COURIER_FIND, COURIER_CANCEL, COURIER_POLL, COURIER_SUBSCRIBE, PICKUP_BOOK, PICKUP_FIND, PICKUP_CANCEL, INBOX_HANDLE, DOCUMENT_MAKE,
    NOTICE_SEND, REGISTRY_ASK, COMPLAINT_PICTURE, BUNDLE_OPEN, WEBHOOK_SEND, ITEM_LINT, ITEM_BACKTEST,
)  # fmt: skip
HANDLERS: Handlers = {handler.kind: handler for handler in ALL}


def declare(broker: dramatiq.Broker, context: Context, handlers: Handlers = HANDLERS) -> None:
    """One actor per kind. All of them in every process: which ones are rung there is a matter of its queues."""
    broker.declare_queue(Queue.SOLITARY)
    solitude = Solitude()
    for handler in handlers.values():
        _declare(broker, context, handler, solitude)


def _declare(broker: dramatiq.Broker, context: Context, handler: Handler, solitude: Solitude) -> None:
    def actor(*ids: str) -> None:
        message = CurrentMessage.get_current_message()
        queue = Queue(message.queue_name) if message else None
        with solitude.place(queue):
            perform_all(context, handler, ids, queue)

    declared = dramatiq.actor(
        actor_name=handler.kind, queue_name=home_queue(handler.kind), broker=broker, max_retries=0
    )
    declared(actor)
