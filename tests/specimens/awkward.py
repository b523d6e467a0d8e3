"""What people send beside good photographs: a hand on the card, a mirrored selfie, a picture shown on a phone, a written
note, an empty sheet, a view from a hill.

All drawn by the program; the people are invented. Same licence as the project.
"""

import io
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.specimens.camera import Level, photograph
from tests.specimens.cards import SCALE, id_card_front
from tests.specimens.drawing import paper
from tests.specimens.fonts import font
from tests.specimens.forms import HEIGHT, WIDTH, hand
from tests.specimens.people import Person

SKIN = ((224, 172, 140), (198, 142, 110), (120, 82, 62))
BEZEL = 90


def mirrored(data: bytes) -> bytes:
    """As the front camera of a phone stores it."""
    with Image.open(io.BytesIO(data)) as picture:
        return _jpeg(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT))


def with_hand(card: Image.Image, start: float, end: float, seed: int = 0) -> Image.Image:
    """A thumb over the identity number of a card's front, from `start` to `end` of its length (0 to 1)."""
    made, rng = card.copy(), Random(f"hand {seed}")
    left, right = (SCALE * (342 + 600 * share) for share in (start, end))
    thumb = Image.new("RGBA", made.size, (0, 0, 0, 0))
    pen, colour = ImageDraw.Draw(thumb), rng.choice(SKIN)
    pen.rounded_rectangle(
        (left, SCALE * 515, right, SCALE * 720), radius=int((right - left) / 2.2), fill=(*colour, 255)
    )
    nail = (left + (right - left) * 0.3, SCALE * 522, right - (right - left) * 0.3, SCALE * 552)
    pen.rounded_rectangle(nail, radius=SCALE * 12, fill=(*(min(255, c + 24) for c in colour), 255))
    made.alpha_composite(thumb.filter(ImageFilter.GaussianBlur(SCALE)))
    made.putalpha(card.getchannel("A"))
    return made


def shown_on_a_phone(data: bytes) -> Image.Image:
    """A picture on the display of a phone, its bezel around it: what is photographed is a picture, not a card."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    phone = Image.new("RGBA", (width + 2 * BEZEL, height + 2 * BEZEL), (18, 18, 20, 255))
    phone.paste(picture, (BEZEL, BEZEL))
    return phone


def note(lines: tuple[str, ...], seed: int = 0) -> Image.Image:
    """A sheet written by hand from top to bottom, nothing printed on it."""
    sheet, rng = Image.new("RGB", (WIDTH, HEIGHT), (252, 252, 248)), Random(f"note {seed}")
    for place, text in enumerate(lines):
        hand(sheet, 160, 260 + 110 * place, text, rng)
    return sheet


def in_traditional(person: Person, ethnicity: str) -> Image.Image:
    """A front whose 民族 is set in traditional characters, as no office prints it and some fonts do."""
    plain = id_card_front(person)
    pen = ImageDraw.Draw(plain)
    colour = plain.getpixel((SCALE * 470, SCALE * 166))
    pen.rectangle((SCALE * 362, SCALE * 150, SCALE * 460, SCALE * 196), fill=colour)
    pen.text((SCALE * 366, SCALE * 148), ethnicity, fill=(28, 28, 32), font=font(36 * SCALE))
    return plain


def empty_sheet() -> Image.Image:
    return paper(WIDTH, HEIGHT, (251, 251, 249)).convert("RGB")


def landscape(seed: int = 0, width: int = 2000, height: int = 1400) -> bytes:
    """Sky, sun, hills behind hills and grass in front."""
    rng = np.random.default_rng(seed)
    down = np.linspace(0, 1, height)[:, None, None]
    sky = np.array([96, 150, 222]) * (1 - down) + np.array([222, 226, 220]) * down
    view = Image.fromarray(np.broadcast_to(sky, (height, width, 3)).astype(np.uint8).copy())
    pen = ImageDraw.Draw(view)
    pen.ellipse((width * 0.7, height * 0.1, width * 0.78, height * 0.1 + width * 0.08), fill=(255, 240, 200))
    for place, colour in enumerate(((150, 170, 186), (110, 140, 130), (70, 110, 78))):
        base = height * (0.5 + 0.14 * place)
        ridge = np.cumsum(rng.standard_normal(201)) * height * 0.012 + base
        points = [(x * width / 200, float(y)) for x, y in enumerate(ridge)]
        pen.polygon([(0, height), *points, (width, height)], fill=colour)
    grain = rng.normal(0, 9, (height, width, 1)) * (down > 0.55)
    return _jpeg(Image.fromarray(np.clip(np.asarray(view) + grain, 0, 255).astype(np.uint8)))


def on_a_phone(person: Person, seed: int = 0) -> bytes:
    """A card photographed, shown on a phone, photographed again."""
    first = photograph(id_card_front(person), Level.PHONE, seed, megapixels=2)
    return photograph(shown_on_a_phone(first), Level.PHONE, seed + 1, megapixels=4, screen=True)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=88)
    return out.getvalue()
