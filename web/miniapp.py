"""The residents' app as a page: what `make miniapp` built, served at `/app/` as it is. Without a build there is no `/app`.

Its own content policy: the framework writes styles at run time and shows pictures that are still on the phone (`blob:`).
Scripts come from here alone. Files under `assets/` carry their hash in the name and may be kept for ever.
"""

from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent / "static" / "app"
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_FOR_EVER = "public, max-age=31536000, immutable"


class _Built(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Cache-Control"] = _FOR_EVER if path.startswith("assets") else "no-cache"
        return response


def mount(app: FastAPI, built: Path = BUILT) -> None:
    if (built / "index.html").is_file():
        # small on a slow phone; nothing in these files is a secret
        app.mount("/app", GZipMiddleware(_Built(directory=built, html=True), compresslevel=6), name="miniapp")
