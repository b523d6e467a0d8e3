"""The kept set of what people (and attackers) send instead of a good photograph: `tests/samples/bad_input/`, each with what is expected.

    python -m tests.specimens tests/samples/bad_input --bad-input

The people and papers are invented; the papers say 样本. `expected.json` names the finding of each, or the values that
must be read in spite of all.
"""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from PIL import Image

from tests.preaudit import badfiles
from tests.specimens.applications import front_fields
from tests.specimens.awkward import empty_sheet, in_traditional, landscape, mirrored, note, on_a_phone, with_hand
from tests.specimens.camera import Level, photograph
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.pdfs import lease, password_pdf
from tests.specimens.people import Person, invent
from tests.specimens.sheets import beside

SEED, MEGAPIXELS, QUALITY = 5, 3.0, 72
PERSON = invent(SEED)
MINORITY = next(person for person in map(invent, range(400)) if "·" in person.name)
RECEIPT = (
    "今收到王小明交来房屋押金人民币贰仟元整",
    "由本人代为保管，退房时一并退还",
    "收款人：李小红",
    "二〇二六年一月三日",
)


@dataclass(frozen=True)
class Expected:
    """`codes`: any of these findings must be there, and no page is a pass; none: the page is accepted. `says`: part of the
    message. `fields`: what is read. `form`: what the resident typed."""

    shows: str
    codes: tuple[str, ...] = ()
    says: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=lambda: _typed(PERSON))


def _typed(person: Person) -> dict[str, str]:
    return {"applicant_name": person.name, "id_number": person.id_number}


def _front(person: Person = PERSON, **defects: object) -> bytes:
    return photograph(id_card_front(person), Level.PHONE, SEED, megapixels=MEGAPIXELS, **defects)


def _shot(paper: Image.Image) -> bytes:
    return photograph(paper, Level.PHONE, SEED, megapixels=MEGAPIXELS)


def _two_cards() -> bytes:
    return photograph(beside([id_card_front(PERSON), id_card_back(PERSON)]), Level.PHONE, SEED, megapixels=5)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 3]


_READ = front_fields(PERSON)
_NUMBER = ("field_missing", "field_doubtful", "id_number_invalid")
_STRANGE = ("unreadable", "wrong_document")

SAMPLES: dict[str, tuple[Expected, Callable[[], bytes]]] = {
    "upside_down.jpg": (Expected("a card held upside down", fields=_READ), lambda: _front(turn=180)),
    "mirrored.jpg": (Expected("a card as a selfie camera stores it", ("unreadable",), "镜像"), lambda: mirrored(_front())),
    "two_cards.jpg": (Expected("both sides of a card side by side", fields=_READ), _two_cards),
    "hand_over_number.jpg": (
        Expected("a thumb over the number's end", _NUMBER),
        lambda: _shot(with_hand(id_card_front(PERSON), 0.75, 1.0, SEED)),
    ),
    "picture_of_a_picture.jpg": (
        Expected("a card on a phone's display", ("screen_photo",), "屏幕"), lambda: on_a_phone(PERSON, SEED)
    ),
    "handwriting.jpg": (
        Expected("a note written by hand, nothing printed", ("wrong_document",), "没有认出"), lambda: _shot(note(RECEIPT))
    ),
    "traditional_characters.jpg": (
        Expected("民族 in traditional characters", fields=_READ | {"ethnicity": "满"}),
        lambda: _shot(in_traditional(PERSON, "滿")),
    ),
    "name_with_a_dot.jpg": (
        Expected("a minority name with its dot", fields=front_fields(MINORITY), form=_typed(MINORITY)),
        lambda: _front(MINORITY),
    ),
    "forty_pages.pdf": (Expected("a lease of forty pages", ("too_many_pages",), "40"), lambda: lease(PERSON, pages=20)),  # of two sheets each
    "empty_page.jpg": (Expected("an empty sheet", ("unreadable",), "空白"), lambda: _shot(empty_sheet())),
    "landscape.jpg": (Expected("hills and a sky", _STRANGE), lambda: landscape(0, 1600, 1100)),
    "cut_in_half.jpg": (Expected("a file that ends too early", ("damaged_file",), "损坏"), lambda: _half(_front())),
    "with_a_password.pdf": (Expected("a PDF with a password", ("password_protected",), "密码"), lambda: password_pdf(PERSON)),
    "a_text.jpg": (Expected("a text that calls itself a picture", ("unsupported_file",), "格式"), lambda: b"this is no picture\n" * 40),
    "a_program.jpg": (Expected("a program that calls itself a picture", ("unsupported_file",), "格式"), badfiles.elf),
    "a_text_document.docx": (Expected("an office file", ("unsupported_file",), "格式"), badfiles.office),
    "no_bytes.jpg": (Expected("a file without a single byte", ("damaged_file",), "空"), bytes),
    "eighty_megapixels.png": (Expected("a scan of 80 megapixels", ("unsupported_file",), "8000万像素"), lambda: badfiles.png(10_000, 8_000)),
    "bomb.png": (Expected("900 megapixels in 150 kilobytes", ("unsupported_file",), "9亿像素"), lambda: badfiles.png(30_000, 30_000)),
    "bomb.pdf": (Expected("a page that unpacks to 1.2 gigabytes", ("damaged_file",), "损坏"), lambda: badfiles.pdf_bomb(1200)),
}  # fmt: skip


def write_bad_input(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (_, made) in SAMPLES.items():
        (folder / name).write_bytes(_smaller(made()) if name.endswith(".jpg") else made())
    expected = {name: asdict(told) for name, (told, _) in SAMPLES.items()}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "PROVENANCE.md").write_text("\n".join(_provenance()) + "\n", encoding="utf-8")


def _smaller(data: bytes) -> bytes:
    """Pictures as a chat sends them on; anything else as it is."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
    except (OSError, ValueError):
        return data
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _provenance() -> Iterator[str]:
    yield "# What people send instead of a good photograph\n"
    yield "Drawn and photographed by `tests/specimens/bad_input.py` (see its README): invented people, papers that say 样本,"
    yield "views that the program draws. Same licence as the project. Written by\n"
    yield "    python -m tests.specimens tests/samples/bad_input --bad-input\n"
    yield "`expected.json` says the same for programs; `tests/preaudit/test_bad_input.py` holds the reader to it.\n"
    yield "| file | what it shows | what is found |"
    yield "| --- | --- | --- |"
    for name, (told, _) in SAMPLES.items():
        found = (
            f"{' or '.join(f'`{code}`' for code in told.codes)} {told.says}".strip()
            if told.codes
            else "read right, accepted"
        )
        yield f"| `{name}` | {told.shows} | {found} |"
