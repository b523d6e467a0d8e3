"""What everybody may read is sent small. Only that: an answer that holds somebody's secret beside words that somebody else
chose must not tell the secret by its length (BREACH)."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

OF_EVERYBODY = ("/api/v1/items", "/api/v1/regions", "/api/v1/life-events")


class SmallLists:
    """ASGI: the guide's lists, compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._small = app, GZipMiddleware(app, minimum_size=1000, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        public = scope["type"] == "http" and scope["path"].startswith(OF_EVERYBODY)
        await (self._small if public else self._app)(scope, receive, send)
