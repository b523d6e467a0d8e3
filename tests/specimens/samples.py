"""The small set that is kept in `tests/samples/`, so that the demo and the tests have papers in a fresh clone.

One resident: everything as it should be, one blurred picture of the front, and one form with another's name on it.
"""

import json
from pathlib import Path

from tests.specimens.applications import Application, SpecimenPage, Variant, whole_application

SEED = 21
MEGAPIXELS = 3.2


def sample_pages(megapixels: float = MEGAPIXELS) -> tuple[Application, dict[str, SpecimenPage]]:
    """The plain application, and all pages by file name."""
    plain, blurred, mismatch = (
        whole_application(SEED, variant=variant, megapixels=megapixels)
        for variant in (Variant.PLAIN, Variant.BLURRED, Variant.MISMATCH_NAME)
    )
    pages = {page.filename: page for page in plain.pages.values()}
    pages["id_front_blurred.jpg"] = blurred.pages["id_front"]
    pages["application_form_mismatch.jpg"] = mismatch.pages["application_form"]
    return plain, pages


def write_samples(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    plain, pages = sample_pages()
    for name, page in pages.items():
        (folder / name).write_bytes(page.data)
    truth = plain.truth() | {"pages": {name: page.truth() for name, page in pages.items()}}
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
