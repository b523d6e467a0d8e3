"""Bad files over HTTP into the running service: a sentence for each, the same worker, nothing of the case lost."""

from pathlib import Path

import pytest

from tests.preaudit import badfiles
from tests.specimens import invent
from tests.specimens.pdfs import password_pdf
from tests.workers.service import ROOT, child, up
from workers.demo.client import Json, StepFailed, wait_for
from workers.demo.photos import photos
from workers.demo.show import running, stage
from workers.demo.story import Stage, log_in, open_case, read_guide
from workers.embedded import free_port

ITEM = "440105-SHBZK-BL"
BAD = {
    "words.jpg": (b"these are words", "unsupported_file"),
    "program.jpg": (badfiles.elf(), "unsupported_file"),
    "cut.jpg": (badfiles.truncated_jpeg(), "damaged_file"),
    "huge.png": (badfiles.png(10_000, 8_000), "unsupported_file"),
    "lies.png": (badfiles.png_that_lies(), "too_small"),
    "bomb.pdf": (badfiles.pdf_bomb(400), "damaged_file"),
    "locked.pdf": (password_pdf(invent(1)), "password_protected"),
}


@pytest.mark.timeout(300)
def test_bad_files_get_a_sentence_and_the_worker_stays_up(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with up(folder, free_port()):
        found = running(folder)
        assert found is not None
        here = stage(found, photos(None), ITEM, None)
        for step in (log_in, read_guide, open_case):
            step(here)
        reader = child(folder, "reader")
        for name, (data, code) in BAD.items():
            page = read_page(here, tmp_path, name, data)
            assert code in [f["code"] for f in page["findings"]], name
            assert all(f["message"] and f["advice"] for f in page["findings"])
            here.resident.delete(f"{here.path}/pages/{page['id']}?transaction_id=out-{name}")
        with pytest.raises(StepFailed, match=r"400|422"):
            upload(here, tmp_path, "empty.jpg", b"")
        assert child(folder, "reader") == reader, "the reader is the same process as before"
        good = read_page(here, tmp_path, "good.jpg", (ROOT / "tests/samples/id_front.jpg").read_bytes())
        assert (good["state"], good["findings"]) == ("read", [])


def upload(here: Stage, folder: Path, name: str, data: bytes) -> Json:
    file = folder / name
    file.write_bytes(data)
    return here.resident.upload(f"{here.path}/materials/id_front/pages", file, "image/jpeg")


def read_page(here: Stage, folder: Path, name: str, data: bytes) -> Json:
    made = upload(here, folder, name, data)

    def page() -> Json:
        pages = [p for m in here.case()["materials"] for p in m["pages"]]
        return next(p for p in pages if p["id"] == made["id"])

    return wait_for(f"{name} to be read", page, lambda p: p["state"] != "uploaded", 60)
