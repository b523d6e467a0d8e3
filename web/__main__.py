"""`python -m web`: the server with the settings' own host and port."""

import gc
import os
import sys

import uvicorn

from courier.settings import SettingsWrong
from messaging.wechat.settings import WechatSettingWrong
from sharing.settings import SharingSettingWrong
from storage.settings import SettingMissing
from storage.vault import VaultError
from web.app import create
from web.settings import WebSettings, WebSettingWrong

KEPT_ALIVE_S = 75
"""Longer than a phone waits between two looks, and than a proxy keeps an idle connection to us, so that it is never we
who close one that is just being used."""

GARBAGE = (20_000, 20, 50)
"""New objects until the youngest are looked through, and how many such looks come before one at the older, and the oldest."""


def main() -> int:
    """3: the environment is missing something, which is named."""
    try:
        settings = WebSettings.from_mapping(os.environ)
        app = create()
    except (
        WebSettingWrong, WechatSettingWrong, SharingSettingWrong, SettingMissing, SettingsWrong, VaultError
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


def _settle() -> None:
    """What was imported and built stays until the end: it is not looked through again for garbage, and the rest less often.
    With ten thousand connections open a whole look holds every call up for a quarter of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


if __name__ == "__main__":
    sys.exit(main())
