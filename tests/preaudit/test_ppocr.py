"""PP-OCR on either engine, models from the wheels: the same lines, and the one that is there where any will do."""

import numpy as np
import pytest
from PIL import Image
from rapidocr import EngineType

from preaudit.engine import engine_for
from preaudit.images.geometry import Pixels
from preaudit.ppocr import BATCH, PPOCR
from preaudit.recognise import EngineMissing
from preaudit.settings import EngineName
from tests.specimens.drawing import write

ROWS = (
    "公民身份号码440105199001011234",
    "住址广州市海珠区新港西路15号",
    "签发机关广州市公安局",
    "有效期限长期",
    "样本",
)


def page(rows: tuple[str, ...]) -> Pixels:
    sheet = Image.new("RGB", (1100, 120 + 110 * len(rows)), (250, 250, 246))
    for place, row in enumerate(rows):
        write(sheet, 60, 100 + 110 * place, row, 44)
    return np.ascontiguousarray(np.asarray(sheet)[:, :, ::-1])


@pytest.mark.parametrize("engine", [EngineName.OPENVINO, EngineName.ONNXRUNTIME])
def test_either_engine_reads_a_page(engine: EngineName) -> None:
    assert tuple(line.text for line in PPOCR(engine, threads=1).read(page(ROWS))) == ROWS


def test_lines_read_together_are_each_in_their_own_place() -> None:
    rows = tuple(f"第{place}行" for place in range(10, 10 + 2 * BATCH + 1))
    assert tuple(line.text for line in PPOCR(EngineName.AUTO, threads=1).read(page(rows))) == rows


@pytest.mark.parametrize(
    ("asked", "has_openvino", "taken"),
    [
        (EngineName.AUTO, True, EngineType.OPENVINO),
        (EngineName.AUTO, False, EngineType.ONNXRUNTIME),
        (EngineName.ONNXRUNTIME, True, EngineType.ONNXRUNTIME),
    ],
)
def test_onnxruntime_stands_in_where_openvino_is_not_installed(
    asked: EngineName, has_openvino: bool, taken: EngineType
) -> None:
    assert engine_for(asked, has_openvino) is taken


def test_an_engine_asked_for_by_name_and_missing_is_said_to_be() -> None:
    with pytest.raises(EngineMissing, match="pip install openvino"):
        engine_for(EngineName.OPENVINO, has_openvino=False)
