"""What people agree to, word for word, by kind and version: a consent names the text that was shown.

A text is never changed: another wording is another version, and who agreed to an older one is asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.errors import InvalidRequest
from cases.sentences import say
from cases.waived import CONSENTS


@dataclass(frozen=True)
class ConsentText:
    kind: str
    version: str
    name: str
    text: str


MATERIALS = "照片只用于本次办理，加密保存，办结后按规定期限删除。工作人员每次查看都有记录，您可以随时查询。"
_NEWEST = (
    ConsentText("materials", "1", "使用申请材料", MATERIALS),
    ConsentText(
        "privacy", "1", "个人信息处理规则",
        "我们只收集办理事项所必需的信息，加密保存，到期删除。您可以随时查看我们保存的信息、看过它的人，并要求删除。",
    ),
    *(
        ConsentText(str(source), wording.version, name, wording.text)
        for (source, wording), name in zip(CONSENTS.items(), ("再次使用以前的材料", "向主管部门核验材料"), strict=True)
    ),
)  # fmt: skip
TEXTS: Mapping[tuple[str, str], ConsentText] = {(one.kind, one.version): one for one in _NEWEST}
CURRENT: Mapping[str, ConsentText] = {one.kind: one for one in _NEWEST}


def text_of(kind: str, version: str) -> ConsentText:
    """Raises `InvalidRequest`: nobody agrees to a text that there is not."""
    found = TEXTS.get((kind, version))
    if found is None:
        raise InvalidRequest(say("没有这一份告知文本，请刷新后重试。"), kind=kind, version=version)
    return found
