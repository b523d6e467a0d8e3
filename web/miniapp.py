"""The residents' app as a page: what `make miniapp` built, served at `/app/` as it is. Without a build there is no `/app`.

Its own content policy: the framework writes styles at run time and shows pictures that are still on the phone (`blob:`).
Scripts come from here alone. No page may frame it but the desk's, to show a draft as residents would see it (`?preview=`):
there it only shows a guide. Files under `assets/` carry their hash in the name and may be kept for ever.
"""

from mimetypes import guess_type
from pathlib import Path

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent / "static" / "app"
_UNFRAMED = "frame-ancestors 'none'"
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self' blob:; "
    f"object-src 'none'; base-uri 'none'; form-action 'none'; {_UNFRAMED}"
)
_FOR_EVER = "public, max-age=31536000, immutable"


_SMALL = {"br": ".br", "gzip": ".gz"}
"""What the build wrote beside each script and style, the smallest first."""


class _Built(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        encoding = self._encoding(path, Headers(scope=scope).get("accept-encoding", ""))
        response = await super().get_response(path + _SMALL.get(encoding, ""), scope)
        if encoding:
            response.headers["Content-Encoding"] = encoding
            response.headers["Content-Type"] = guess_type(path)[0] or "application/octet-stream"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Content-Security-Policy"] = _POLICY
        if b"preview=" in scope["query_string"]:
            response.headers["Content-Security-Policy"] = _POLICY.replace(_UNFRAMED, "frame-ancestors 'self'")
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Cache-Control"] = _FOR_EVER if path.startswith("assets") else "no-cache"
        return response

    def _encoding(self, path: str, accepted: str) -> str:
        """The first that the browser takes and the build has; empty: as it is."""
        taken = {each.partition(";")[0].strip() for each in accepted.split(",")}
        return next((e for e, end in _SMALL.items() if e in taken and self.lookup_path(path + end)[1]), "")


def mount(app: FastAPI, built: Path = BUILT) -> None:
    if (built / "index.html").is_file():
        app.mount("/app", _Built(directory=built, html=True), name="miniapp")
