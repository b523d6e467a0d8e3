"""The guard: what is let through is decided by content, and every refusal has a sentence."""

import pytest

from cases.findings import FindingCode
from preaudit.guard import FileKind, refusal, sniff
from preaudit.settings import FileLimits
from tests.preaudit import badfiles


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\nrest", FileKind.PNG),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", FileKind.WEBP),
        (b"\x00\x00\x00\x18ftypheic", FileKind.HEIC),
        (b"%PDF-1.7\n", FileKind.PDF),
        (b"\xef\xbb\xbf\n%PDF-1.4\n", FileKind.PDF),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(head: bytes, kind: FileKind) -> None:
    assert sniff(head) is kind


@pytest.mark.parametrize(
    "data",
    [
        b"just words",
        badfiles.elf(),
        b"MZ\x90\x00%PDF-1.4",
        b"PK\x03\x04%PDF-1.4",
        b"<svg>%PDF-1.4</svg>",
        b"GIF89a",
        bytes(2000),
    ],
)
def test_anything_else_is_no_kind_of_ours(data: bytes) -> None:
    assert sniff(data) is None
    finding = refusal(data, FileLimits())
    assert finding is not None
    assert finding.code is FindingCode.UNSUPPORTED_FILE


def test_an_empty_file_is_called_empty() -> None:
    finding = refusal(b"", FileLimits())
    assert finding is not None
    assert (finding.code, finding.message) == (FindingCode.DAMAGED_FILE, "文件是空的")


def test_a_file_over_the_limit_is_refused_with_its_size() -> None:
    finding = refusal(b"\xff\xd8\xff" + bytes(2_000_000), FileLimits(max_bytes=1_000_000))
    assert finding is not None
    assert finding.message == "文件太大（2MB），最大1MB"
