"""`python -m web`: the server with the settings' own host and port."""

from storage import garbage

# isort: split
import gc
import os
import sys

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from courier.settings import SettingsWrong
from messaging.wechat.settings import WechatSettingWrong
from sharing.settings import SharingSettingWrong
from storage.key_use import check_keys
from storage.settings import SettingMissing, StorageSettings, await_prepared
from storage.vault import VaultError
from web.app import create
from web.doors import Doors
from web.provider.settings import OidcSettingWrong
from web.settings import KEPT_ALIVE_S, WebSettings, WebSettingWrong

log = structlog.get_logger("web")
GARBAGE = (20_000, 20, 50)
"""New objects until the youngest are looked through, and how many such looks come before one at the older, and the oldest."""


def main() -> int:
    """3: the environment is missing something, which is named."""
    try:
        settings = WebSettings.from_mapping(os.environ)
        await_prepared(StorageSettings.from_mapping(os.environ))
        app = create()
        _check_keys(app.state.doors)
    except (
        *(WebSettingWrong, OidcSettingWrong, WechatSettingWrong, SharingSettingWrong),
        *(SettingMissing, SettingsWrong, VaultError),
    ) as wrong:  # fmt: skip
        print(wrong, file=sys.stderr)
        return 3
    _settle()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        server_header=False,
        access_log=False,
        timeout_keep_alive=KEPT_ALIVE_S,
        proxy_headers=False,  # believed by WEB_TRUSTED_PROXIES alone, in `web.app`
    )
    return 0


def _check_keys(d: Doors) -> None:
    """Raises `VaultError`: something that is kept could not be opened. A database that is away is waited for."""
    try:
        with d.database.reading() as tx:
            check_keys(tx, d.database.settings.key_file)
    except SQLAlchemyError as error:
        log.warning("keys_not_checked", error=type(error).__name__)


def _settle() -> None:
    """What was imported and built stays until the end: it is not looked through again for garbage, and the rest less often.
    With ten thousand connections open a whole look holds every call up for a quarter of a second."""
    gc.set_threshold(*GARBAGE)
    garbage.collect_from_now()


if __name__ == "__main__":
    sys.exit(main())
