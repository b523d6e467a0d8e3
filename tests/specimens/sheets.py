"""Several papers in one picture: photocopies of cards on a sheet, and cards side by side on a table.

Made by the program from the cards of `cards.py`; same licence as the project.
"""

from collections.abc import Sequence

from PIL import Image, ImageDraw

A4_AT_300_DPI = (2480, 3508)
CARD = (1011, 638)


def photocopy(cards: Sequence[Image.Image], *, grey: bool = True, head_to_foot: bool = False) -> Image.Image:
    """A4 with the cards one under the other, as copiers put both sides of a card; `head_to_foot`: the last turned round."""
    page = Image.new("RGB", A4_AT_300_DPI, (250, 250, 249))
    for place, card in enumerate(cards):
        small = card.convert("RGBA").resize(CARD, Image.Resampling.LANCZOS)
        if head_to_foot and place == len(cards) - 1:
            small = small.rotate(180)
        face = small.convert("L").convert("RGB") if grey else small.convert("RGB")
        page.paste(face, (720, 360 + place * (CARD[1] + 130)), small.getchannel("A"))
    return page


def grey_copy(paper: Image.Image) -> Image.Image:
    """Any paper as a copier gives it back: grey, pale grounds lost, on a white sheet a little larger."""
    made = paper.convert("RGBA")
    grey = made.convert("L").point([min(255, max(0, round((level - 24) * 1.16))) for level in range(256)])
    margin = round(0.06 * max(made.size))
    sheet = Image.new("RGB", (made.width + 2 * margin, made.height + 2 * margin), (250, 250, 249))
    sheet.paste(grey.convert("RGB"), (margin, margin), made.getchannel("A"))
    return sheet


def beside(cards: Sequence[Image.Image], gap: int = 90) -> Image.Image:
    """Cards next to each other, the table showing between them."""
    width, height = cards[0].size
    row = Image.new("RGBA", (len(cards) * (width + gap) - gap, height), (0, 0, 0, 0))
    for place, card in enumerate(cards):
        row.alpha_composite(card.convert("RGBA"), (place * (width + gap), 0))
    return row


def crossed_out(card: Image.Image) -> Image.Image:
    """The front with strokes across its labels, as a stamp "copy, for this use only" leaves them unreadable."""
    made = card.convert("RGBA").copy()
    pen = ImageDraw.Draw(made)
    for y in range(int(made.height * 0.08), int(made.height * 0.62), 9):
        pen.line((made.width * 0.05, y, made.width * 0.16, y + 14), fill=(60, 60, 60, 255), width=5)
        pen.line((made.width * 0.26, y, made.width * 0.35, y + 14), fill=(60, 60, 60, 255), width=5)
    return made
