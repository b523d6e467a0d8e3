"""What every route may reach: the database, the blobs, the partners, the platforms, the counters. Made once by the
composition root (`web.app`), found by routes through `Depends(doors)`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from anyio import CapacityLimiter
from fastapi import Request

from courier.port import Partner
from courier.settings import CourierSettings
from messaging.wechat.settings import WechatSettings
from storage.blobs import Blobs
from storage.session import Database
from web.files import AT_ONCE
from web.guessing import Guesses
from web.limits import Rates
from web.metrics import Meters
from web.platforms import Platforms
from web.pressure import Pressure
from web.provider.client import Provider
from web.settings import WebSettings


@dataclass(frozen=True)
class Doors:
    settings: WebSettings
    database: Database
    blobs: Blobs
    couriers: CourierSettings
    partners: Mapping[str, Partner]
    platforms: Platforms
    rates: Rates
    meters: Meters
    wechat: WechatSettings | None = None
    provider: Provider | None = None
    """Where staff may sign in besides here."""
    sharing: bool = False
    """Whether a data-sharing source is connected: the worker asks it, the doors offer it."""
    guesses: Guesses = field(default_factory=Guesses)
    pressure: Pressure = field(default_factory=Pressure)
    files_at_once: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))


async def doors(request: Request) -> Doors:
    """`async`, although it waits for nothing: a plain function would be called in a thread, for every request."""
    found: Doors = request.app.state.doors
    return found
