"""The real web application on a port of this machine, for pushes to come in by."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import uvicorn

from courier.port import Partner
from courier.settings import CourierSettings
from storage.blobs import blobs_from
from storage.session import Database
from web.app import application
from web.doors import Doors
from web.limits import Rates
from web.metrics import Meters
from web.settings import WebSettings


class Door:
    """Takes pushes until `close`. `url(partner)` is the address that a partner is given."""

    def __init__(self, database: Database, couriers: CourierSettings, partners: dict[str, Partner]) -> None:
        self._couriers = couriers
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.meters = Meters()
        # whoever forges pushes is no reason to shut this machine out
        settings = WebSettings(public_url="https://zerotrip.example", address_per_minute=10**9)
        self.doors = Doors(
            settings=settings,
            database=database,
            blobs=blobs_from(database.settings),
            couriers=couriers,
            partners=partners,
            platforms={},
            rates=Rates.of(settings),
            meters=self.meters,
        )
        app = application(replace(self.doors))
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        self._keeper = app.state.keeper
        run: Callable[..., None] = self._server.run
        self._thread = threading.Thread(target=run, args=([self._socket],), daemon=True)
        self._thread.start()

    def url(self, partner: str) -> str:
        secret = self._couriers.partners[partner].hook_secret
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/hooks/couriers/{partner}/{secret}"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._keeper.close()
        self._socket.close()
