"""What the reading half of `preaudit` can be told. Frozen, passed in by a composition root; the environment is not read here."""

from dataclasses import dataclass, field
from enum import StrEnum


class EngineName(StrEnum):
    """Which recogniser reads pages. `AUTO` takes OpenVINO when it can be imported, else onnxruntime."""

    AUTO = "auto"
    OPENVINO = "openvino"
    ONNXRUNTIME = "onnxruntime"
    TESSERACT = "tesseract"


@dataclass(frozen=True)
class FileLimits:
    """What a file may be. Every number is the refusal of something that was seen to hurt."""

    max_bytes: int = 30_000_000  # a 12-Mpx PNG screenshot is about 20 MB; phone JPEGs are under 10 MB
    max_pixels: int = 50_000_000  # 48-Mpx phone sensors pass; 50 Mpx of RGB are 150 MB in the child
    max_pages: int = 30  # the longest material of the catalogue is a contract of some 20 pages
    working_side: int = 4096  # longest side of the picture handed to the recogniser: a 12-Mpx photo whole
    pdf_dpi: int = 200  # A4 becomes 1654×2339: ten-point print is 28 pixels high
    text_layer_chars: int = 16  # fewer characters than this are a stamp or a page number on a scan
    text_layer_max_chars: int = 20_000  # a printed A4 page holds under 5,000; 400,000 glyphs took 17 s


@dataclass(frozen=True)
class ChildLimits:
    """What the child process that opens a file may use; it is killed by the kernel at any of them."""

    address_space_bytes: int = 950_000_000  # a 600-MB stream inside a PDF must not fit
    cpu_seconds: int = 20
    wall_seconds: int = 30
    file_bytes: int = 200_000_000  # bounds the pixels handed back
    open_files: int = 64
    reply_bytes: int = 8_000_000


@dataclass(frozen=True)
class PreauditSettings:
    engine: EngineName = EngineName.AUTO
    threads: int = 2
    """Of the recogniser, shared by all pages that a process reads at the same time: as many as it has cores. One process
    that reads two pages at a time holds half the memory of two that read one each."""
    cpu_pinning: bool = False
    """Alone on a machine pinning gives 8 % more pages a second; two pinned processes fight for the same core."""
    second_reader: bool = True
    tesseract_seconds: float = 8.0
    """Wall clock for one call of tesseract; a crop takes 0.1 s, a page 1 s."""
    remedy_seconds: float = 2.0
    """Of the processor, as `remedies.look_seconds` counts it: what a page that reads poorly may take beyond its first look,
    before it is said to be poor."""
    files: FileLimits = field(default_factory=FileLimits)
    child: ChildLimits = field(default_factory=ChildLimits)


ReaderSettings = PreauditSettings
"""The same class under the name `Reader` asks for: the package has one settings class."""
