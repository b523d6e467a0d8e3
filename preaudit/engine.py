"""The models of PP-OCR: one set a process, shared by all its threads.

`Models.places` finds text on a picture, one picture at a time on all threads. `Models.texts` reads lines, whosever page
they are of: each on a lane, which is one thread of the engine, so that the lines of a page are read on all cores and
those of a second page fill what the first leaves. (One line on two threads leaves the second thread 95 % idle; on a lane
each, lines cost the same processor time and half the clock's, for 75 MB.) With pinning every thread of the engine stays
on a core of its own while it works. Models lie in rapidocr's wheel.
"""

import copy
import importlib.util
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidocr import EngineType
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecognizer
from rapidocr.main import DEFAULT_CFG_PATH, root_dir
from rapidocr.utils.parse_parameters import ParseParams

from .recognise import EngineMissing
from .settings import EngineName

HAS_OPENVINO = importlib.util.find_spec("openvino") is not None
Numbers = npt.NDArray[np.float32]
Lane = Callable[[Numbers], Any]
"""Gives the model's output, which is overwritten by the next use of the same lane. The input is looked at where it lies."""

logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)


class Models:
    """Safe to use from several threads. Raises `EngineMissing` when made; loads when first used."""

    def __init__(self, engine: EngineName, threads: int, pinning: bool) -> None:
        self._engine, self._threads, self._pinning = engine_for(engine, HAS_OPENVINO), threads, pinning
        self._finding, self._loading = threading.Lock(), threading.Lock()
        self._detector: Any = None
        self._finder: Lane
        self._recogniser: Any = None
        self._lanes: SimpleQueue[Lane] = SimpleQueue()
        self._helpers: ThreadPoolExecutor | None = None

    def places(self, picture: Numbers, size: tuple[int, int]) -> Any:
        """Corners of what is text, in pixels of a picture of this height and width."""
        self._load()
        with self._finding:  # the output is the model's own memory: it is used up before the next picture
            seen = np.asarray(self._finder(picture))
            corners, _ = self._detector.postprocess_op(seen, size)
            return corners

    def texts(self, batches: Sequence[Numbers]) -> list[list[tuple[str, float]]]:
        """Text and score of each line of each batch."""
        self._load()
        if self._helpers is None or len(batches) < 2:
            return [self._read(batch) for batch in batches]
        return list(self._helpers.map(self._read, batches))

    def _read(self, batch: Numbers) -> list[tuple[str, float]]:
        lane = self._lanes.get()
        try:
            lines = self._recogniser.postprocess_op(np.asarray(lane(batch)))[0]
        finally:
            self._lanes.put(lane)
        return [(str(text), float(score)) for text, score in lines]

    def _load(self) -> None:
        with self._loading:
            if self._recogniser is None:
                config = _config(self._engine, self._threads, self._pinning)
                self._detector, self._recogniser = TextDetector(config.Det), TextRecognizer(config.Rec)
                (self._finder,) = _lanes(self._detector.session, self._engine, 1)
                for lane in _lanes(self._recogniser.session, self._engine, self._threads):
                    self._lanes.put(lane)
                if self._threads > 1:
                    self._helpers = ThreadPoolExecutor(self._threads, "lane")


def engine_for(engine: EngineName, has_openvino: bool) -> EngineType:
    """The engine asked for, or onnxruntime where any will do and OpenVINO is not there. Raises `EngineMissing`."""
    if engine is EngineName.OPENVINO and not has_openvino:
        raise EngineMissing("OpenVINO is not installed: pip install openvino, or set the engine to onnxruntime")
    if engine is EngineName.ONNXRUNTIME or not has_openvino:
        return EngineType.ONNXRUNTIME
    return EngineType.OPENVINO


def _lanes(session: Any, engine: EngineType, count: int) -> list[Lane]:
    """OpenVINO's requests are for one user each; a session of onnxruntime is for any number."""
    if engine is EngineType.ONNXRUNTIME:
        return [session] * count
    first = session.session
    return [_lane(first), *(_lane(first.get_compiled_model().create_infer_request()) for _ in range(count - 1))]


def _lane(request: Any) -> Lane:
    def infer(batch: Numbers) -> Any:
        request.infer([batch], share_inputs=True)  # it would copy them: 16 MB of a page
        return request.get_output_tensor().data

    return infer


def _config(engine: EngineType, threads: int, pinning: bool) -> Any:
    """rapidocr's own configuration with our engine and threads, and the models of its wheel."""
    config = ParseParams.update_batch(
        ParseParams.load(DEFAULT_CFG_PATH),
        {
            "Det.engine_type": engine,
            "Rec.engine_type": engine,
            "EngineConfig.openvino.inference_num_threads": threads,
            "EngineConfig.openvino.enable_cpu_pinning": pinning,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        },
    )
    for part in (config.Det, config.Rec):
        part.engine_cfg = copy.deepcopy(config.EngineConfig[engine.value])
        part.model_root_dir = str(root_dir / "models")
    if engine is EngineType.OPENVINO:
        config.Rec.engine_cfg.num_streams = threads
    else:
        config.Rec.engine_cfg.intra_op_num_threads = 1
    config.Rec.font_path = None
    return config
