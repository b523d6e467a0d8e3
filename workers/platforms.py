"""Messaging platforms. `ConsolePlatform` is the embedded one: a message is a line of the log."""

from collections.abc import Mapping

import structlog

log = structlog.get_logger()


class ConsolePlatform:
    """Takes every message and shows that it did: to whom (an opaque id) and which one, not what it says."""

    name = "console"

    def send(self, person: str, template: str, data: Mapping[str, object]) -> bool:
        log.info("notice_sent", platform=self.name, subject=person, template=template, count=len(data))
        return True
