"""`python -m tests.specimens OUT_DIR [--seed N] [--variant V] [--level L] [--megapixels M] [--by-hand]`

`… | --samples | --bad-input | --guide | --house`"""

import argparse
import json
from pathlib import Path

from tests.specimens.applications import Variant, whole_application
from tests.specimens.bad_input import write_bad_input
from tests.specimens.camera import Level
from tests.specimens.guide import write_guide_pictures
from tests.specimens.house import write_house
from tests.specimens.item_papers import write_item_papers
from tests.specimens.samples import write_samples


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.specimens", description="Photograph an invented application."
    )
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", type=Variant, choices=list(Variant), default=Variant.PLAIN)
    parser.add_argument("--level", type=Level, choices=list(Level), default=Level.PHONE)
    parser.add_argument("--megapixels", type=float, default=3.5)
    parser.add_argument("--by-hand", action="store_true", help="the form is filled in by hand")
    parser.add_argument("--samples", action="store_true", help="write the set kept in tests/samples")
    parser.add_argument("--guide", action="store_true", help="write the sample pictures kept in web/static/samples")
    parser.add_argument("--bad-input", action="store_true", help="write the set kept in tests/samples/bad_input")
    parser.add_argument("--house", action="store_true", help="write the set kept in tests/samples/house")
    parser.add_argument("--item", help="write the papers of an application for this item of the catalogue")
    asked = parser.parse_args()
    if asked.item:
        write_item_papers(asked.out_dir, asked.item)
        return
    if asked.house:
        write_house(asked.out_dir)
        return
    if asked.samples:
        write_samples(asked.out_dir)
        return
    if asked.guide:
        write_guide_pictures(asked.out_dir)
        return
    if asked.bad_input:
        write_bad_input(asked.out_dir)
        return
    made = whole_application(
        asked.seed, variant=asked.variant, level=asked.level, megapixels=asked.megapixels, by_hand=asked.by_hand
    )
    asked.out_dir.mkdir(parents=True, exist_ok=True)
    for page in made.pages.values():
        (asked.out_dir / page.filename).write_bytes(page.data)
    truth = json.dumps(made.truth(), ensure_ascii=False, indent=1)
    (asked.out_dir / "truth.json").write_text(truth + "\n", encoding="utf-8")


main()
