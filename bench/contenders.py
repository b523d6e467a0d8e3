"""The readers that are compared, as functions from the bytes of a picture to what was made of it.

`ours` is the whole of `preaudit.reading`: sandbox, quality, both recognisers, kind, fields. The peers give text, and
nothing after it: `rapidocr` with the same models, as its documentation starts it (onnxruntime) and on the runtime that
ours uses (OpenVINO); tesseract as pytesseract's documentation calls it; `ocrmypdf`, which straightens the picture before
tesseract reads it. Each is built inside a process of its own (`bench.serve`).
"""

import io
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytesseract
from PIL import Image
from rapidocr import EngineType, RapidOCR

from bench.machine import NOTHING_HELD, Held
from preaudit.places import LONG_SIDE
from preaudit.reading import Reader
from preaudit.settings import PreauditSettings

OURS = "ours"
LANGUAGES = "chi_sim+eng"
CALL_SECONDS = 100.0
"""Of a program that is called once a picture; under what the bench waits for an answer."""


@dataclass(frozen=True)
class Outcome:
    """What a contender made of one picture. A peer that only reads text has no kind and no fields.

    `failed`: why there is nothing; it then counts as having read nothing. `held`: the most memory seen while it read.
    """

    seconds: float
    lines: tuple[str, ...] = ()
    kind: str | None = None
    fields: Mapping[str, str] | None = None
    certain: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    acceptable: bool = True
    failed: str = ""
    held: Held = NOTHING_HELD
    timed: bool = True
    """Whether the machine was quiet: else it counts for right and wrong, and not for its seconds."""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(replace(self, certain=frozenset())), "certain": sorted(self.certain)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Outcome":
        return cls(
            **{**raw, "lines": tuple(raw["lines"]), "certain": frozenset(raw["certain"]), "codes": tuple(raw["codes"])}
            | {"held": Held(**raw["held"])}
        )


Read = Callable[[bytes, Mapping[str, str] | None], Outcome]
Text = Callable[[bytes], tuple[str, ...]]


@dataclass(frozen=True)
class Contender:
    """`build` makes its reader with so many threads. `slow`: several seconds a picture, so it may be given fewer of them."""

    name: str
    about: str
    build: Callable[[int], Read]
    slow: bool = False
    needs: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def missing(self) -> str:
        """The program it needs that is not installed."""
        return next((program for program in self.needs if shutil.which(program) is None), "")


def ours(threads: int) -> Read:
    reader = Reader(PreauditSettings(threads=threads))
    reader.warm()
    return reader_for_ours(reader)


def reader_for_ours(reader: Reader) -> Read:
    def read(data: bytes, labels: Mapping[str, str] | None) -> Outcome:
        started = time.perf_counter()
        page = reader.read(data, name="page", form_labels=labels)[0]
        return Outcome(
            seconds=time.perf_counter() - started,
            lines=tuple(line.text for line in page.lines),
            kind=page.kind,
            fields={name: field.value for name, field in page.fields.items()},
            certain=frozenset(name for name, field in page.fields.items() if field.certain),
            codes=tuple(str(p.code) for p in page.problems) + ((str(page.failure.code),) if page.failure else ()),
            acceptable=page.acceptable,
        )

    return read


def _text_reader(text: Text) -> Read:
    def read(data: bytes, _labels: Mapping[str, str] | None) -> Outcome:
        started = time.perf_counter()
        lines = text(data)
        return Outcome(time.perf_counter() - started, lines)

    return read


def _rapidocr(parameters: Mapping[str, Any]) -> Read:
    engine = RapidOCR(params={"Global.log_level": "critical", **parameters})
    return _text_reader(lambda data: tuple(getattr(engine(data), "txts", None) or ()))


def rapidocr(threads: int) -> Read:
    return _rapidocr({"EngineConfig.onnxruntime.intra_op_num_threads": threads})


def rapidocr_openvino(threads: int, **further: Any) -> Read:
    runtime = {f"{part}.engine_type": EngineType.OPENVINO for part in ("Det", "Cls", "Rec")}
    limits = {"inference_num_threads": threads, "enable_cpu_pinning": False}
    return _rapidocr(
        runtime | {f"EngineConfig.openvino.{name}": value for name, value in limits.items()} | dict(further)
    )


def rapidocr_at_our_size(threads: int) -> Read:
    """Its own limit is 2,000 pixels."""
    return rapidocr_openvino(threads, **{"Global.max_side_len": LONG_SIDE})


def tesseract(_threads: int) -> Read:
    def text(data: bytes) -> tuple[str, ...]:
        picture = Image.open(io.BytesIO(data))
        return tuple(pytesseract.image_to_string(picture, lang=LANGUAGES, timeout=CALL_SECONDS).splitlines())

    return _text_reader(text)


OCRMYPDF = (
    "ocrmypdf",
    "-q",
    "-O0",
    "-l",
    LANGUAGES,
    "--rotate-pages",
    "--deskew",
    "--image-dpi",
    "300",
    "--output-type",
    "pdf",
)


PAPERLESS = (
    "ocrmypdf",
    "-q",
    "-l",
    LANGUAGES,
    "--skip-text",
    "--clean",
    "--deskew",
    "--rotate-pages",
    "--rotate-pages-threshold",
    "12",
    "--image-dpi",
    "300",
    "--output-type",
    "pdfa",
)
"""What its consumer asks of ocrmypdf where nobody set anything (PAPERLESS_OCR_MODE=skip, _CLEAN=clean, …)."""
THUMBNAIL = ("-scale", "500x5000>", "-alpha", "remove", "-strip", "-auto-orient")
DATE = re.compile(r"(\d{1,4})[./年-](\d{1,2})[./月-](\d{1,4})")


def ocrmypdf(threads: int) -> Read:
    def text(data: bytes) -> tuple[str, ...]:
        with tempfile.TemporaryDirectory(prefix="zerotrip-bench-") as folder:
            return _sidecar((*OCRMYPDF, "-j", str(threads)), data, Path(folder))

    return _text_reader(text)


def paperless(threads: int) -> Read:
    """The steps of paperless-ngx' consumer for a picture: ocrmypdf, a thumbnail, and the dates in the text. Its classifier
    says nothing before somebody has trained it, and its database and index are left out."""

    def text(data: bytes) -> tuple[str, ...]:
        with tempfile.TemporaryDirectory(prefix="zerotrip-bench-") as folder:
            lines = _sidecar((*PAPERLESS, "-j", str(threads)), data, Path(folder))
            shown = ("convert", str(Path(folder) / "page"), *THUMBNAIL, str(Path(folder) / "page.webp"))
            subprocess.run(shown, capture_output=True, timeout=CALL_SECONDS, check=True)
            DATE.findall("\n".join(lines))
            return lines

    return _text_reader(text)


def _sidecar(command: tuple[str, ...], data: bytes, folder: Path) -> tuple[str, ...]:
    """The text that ocrmypdf lays beside the PDF it makes of a picture."""
    picture, made, told = (folder / name for name in ("page", "page.pdf", "page.txt"))
    picture.write_bytes(without_alpha(data))
    whole = (*command, "--sidecar", str(told), str(picture), str(made))
    done = subprocess.run(whole, capture_output=True, text=True, timeout=CALL_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"ocrmypdf ended with {done.returncode}: {done.stderr.strip()[-200:]}")
    return tuple(told.read_text(encoding="utf-8").splitlines())


def without_alpha(data: bytes) -> bytes:
    """ocrmypdf refuses a picture that has an alpha channel; all others go to it as they are."""
    picture = Image.open(io.BytesIO(data))
    if not picture.has_transparency_data:
        return data
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.convert("RGBA").getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "PNG")
    return out.getvalue()


ONE_THREAD = (("OMP_THREAD_LIMIT", "1"),)
"""Tesseract is not faster with two (0.6 s of processor time against 4 to 10 on a busy machine); OCRmyPDF's advice as well."""
_ALL = (
    Contender(OURS, "the whole of `preaudit.reading`", ours),
    Contender("rapidocr", "its own defaults: PP-OCRv6 small on onnxruntime", rapidocr),
    Contender("rapidocr, OpenVINO", "the same models on the runtime that ours uses", rapidocr_openvino),
    Contender("tesseract", f"pytesseract, {LANGUAGES}, one thread", tesseract, True, ("tesseract",), ONE_THREAD),
    Contender("ocrmypdf", f"its sidecar text: {' '.join(OCRMYPDF[2:9])}", ocrmypdf, True, ("ocrmypdf",), ONE_THREAD),
)
CONTENDERS: Mapping[str, Contender] = {each.name: each for each in _ALL}
OPENVINO, OUR_SIZE, PAPERLESS_STEPS = "rapidocr, OpenVINO", "rapidocr, OpenVINO, at our size", "paperless-ngx' steps"
_FURTHER = (
    Contender(OUR_SIZE, f"the same, pictures made {LONG_SIDE} pixels long first", rapidocr_at_our_size),
    Contender(
        PAPERLESS_STEPS,
        f"ocrmypdf {' '.join(PAPERLESS[4:])}, a thumbnail, the dates in the text",
        paperless,
        True,
        ("ocrmypdf", "unpaper", "convert"),
        ONE_THREAD,
    ),
)
EVERYBODY: Mapping[str, Contender] = {**CONTENDERS, **{each.name: each for each in _FURTHER}}
"""With those whose pictures a second are counted, and whose readings are not compared one by one."""
THREAD_VARIABLES = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def environment_of(contender: Contender) -> dict[str, str]:
    """The bench's own without what somebody set for threads, and with what this contender wants."""
    inherited = {name: value for name, value in os.environ.items() if name not in THREAD_VARIABLES}
    return inherited | dict(contender.environment)
