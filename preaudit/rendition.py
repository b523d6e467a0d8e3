"""Safe copies for staff screens: one page re-encoded from its pixels, small, with a watermark across it.

Nothing of the uploaded file survives but what it looks like: no metadata, no scripts, no second file glued behind.
"""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from cases.errors import Refusal
from cases.findings import Finding

from .guard import child_refusal, refusal, sniff
from .lost import ChildFailed
from .opening import job_for
from .sandbox import Sandbox
from .settings import PreauditSettings

SIDE = 2000  # longest side: readable on a desk's screen, too small to be passed off as the original
QUALITY = 82
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
INK = (120, 120, 120, 88)


class NotShowable(Refusal):
    """The file cannot be opened; `finding` says why."""

    code = "not_showable"

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def safe_copy(
    data: bytes, page: int, watermark: str, *, sandbox: Sandbox | None = None, settings: PreauditSettings | None = None
) -> bytes:
    """A JPEG of `page` (from 1) with `watermark` (who, when, which case). Raises `NotShowable`."""
    chosen = settings or PreauditSettings()
    box = sandbox or Sandbox(chosen.child)
    try:
        picture = _opened(data, page, box, chosen)
    finally:
        if sandbox is None:
            box.close()
    out = io.BytesIO()
    _marked(picture, watermark).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _opened(data: bytes, page: int, sandbox: Sandbox, settings: PreauditSettings) -> Image.Image:
    why = refusal(data, settings.files)
    if why is not None:
        raise NotShowable(why)
    try:
        decoded = sandbox.run(job_for(str(sniff(data)), page, settings, side=SIDE, draft=True), data)
    except ChildFailed as lost:
        raise NotShowable(child_refusal(lost.word, 0, settings.files)) from lost
    if decoded.error or decoded.picture is None:
        raise NotShowable(child_refusal(decoded.error, decoded.measure, settings.files))
    height, width = decoded.picture.shape[:2]
    return Image.frombuffer("RGB", (width, height), decoded.picture, "raw", "BGR", 0, 1)


def _marked(picture: Image.Image, text: str) -> Image.Image:
    """The text repeated aslant over the whole page, so that no part can be cut out without it."""
    size = max(14, min(picture.size) // 34)
    font = _font(size)
    side = int((picture.width**2 + picture.height**2) ** 0.5) + 1
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    step_x, step_y = int(pen.textlength(text, font=font)) + size * 4, size * 7
    for row, y in enumerate(range(0, side, step_y)):
        for x in range(-(row % 2) * step_x // 2, side, step_x):
            pen.text((x, y), text, fill=INK, font=font)
    turned = layer.rotate(28)
    left, top = (side - picture.width) // 2, (side - picture.height) // 2
    over = turned.crop((left, top, left + picture.width, top + picture.height))
    return Image.alpha_composite(picture.convert("RGBA"), over).convert("RGB")


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A face with Han characters where the system has one; Pillow's own otherwise."""
    for path in FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)
