"""What is said to people keeps what it was made of."""

import json
import pickle
from copy import deepcopy
from dataclasses import replace
from datetime import date

from cases.findings import FindingCode, found
from cases.readings import finding_from_json, finding_to_json
from cases.sentences import Sentence, say, sentence_from_json, sentence_to_json

SAID = say(
    "{here}与{there}的不一致，{day}",
    here=say("{paper}上的姓名", paper="户口簿"),
    there=["甲", "乙"],
    day=date(2026, 5, 1),
)


def test_a_sentence_is_its_chinese_text() -> None:
    assert SAID == "户口簿上的姓名与甲、乙的不一致，2026年5月1日"
    assert say("最多{most}页", most=2) == "最多2页"


def test_a_sentence_comes_back_from_json_with_its_pattern_and_values() -> None:
    raw = json.loads(json.dumps(sentence_to_json(SAID)))
    back = sentence_from_json(str(SAID), raw)
    assert isinstance(back, Sentence)
    assert (back, back.pattern) == (SAID, SAID.pattern)
    assert isinstance(back.values["here"], Sentence)
    assert sentence_to_json(back) == raw


def test_a_text_without_values_is_its_own_pattern_and_an_older_row_keeps_its_text() -> None:
    assert sentence_to_json("照片模糊") is None
    assert sentence_from_json("缺少户口簿", None) == "缺少户口簿"


def test_copies_know_their_pattern_too() -> None:
    for copy in (deepcopy(SAID), pickle.loads(pickle.dumps(SAID))):
        assert (copy, copy.pattern) == (SAID, SAID.pattern)


def test_a_kept_finding_says_what_its_sentences_are_made_of() -> None:
    finding = found(FindingCode.MISSING_MATERIAL, material="a", message=say("缺少{paper}", paper="户口簿"))
    raw = json.loads(json.dumps(finding_to_json(finding)))
    assert raw["message"] == "缺少户口簿"
    assert raw["said"] == {"message": {"say": "缺少{paper}", "with": {"paper": "户口簿"}}}
    back = finding_from_json(raw)
    assert back == finding
    assert isinstance(back.message, Sentence)
    assert "said" not in finding_to_json(replace(finding, message="缺少户口簿"))
