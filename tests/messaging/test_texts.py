"""What residents are told: every notice has its words, every word its value, every value its form."""

import ast
import re
from pathlib import Path

import pytest

from cases.incidents import OTHER, RULES
from messaging.texts import ENGLISH, MISSING, TEXTS, in_english, message, text_of
from messaging.values import KeyUnknown, fitted
from messaging.wechat.settings import WechatSettings, WechatSettingWrong, templates

ROOT = Path(__file__).parents[2]
ALWAYS = {"item", "no"}
PAGES = ROOT / "miniapp" / "src" / "pages"


def _notified() -> dict[str, set[str]]:
    """Template → the keys of its data, of every notice that the domain writes out in one place."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "cases").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Notify":
                for name in _constants(node.args[0]):
                    found.setdefault(name, set()).update(_keys(node.args[1:]))
    return found


def _constants(node: ast.expr) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _keys(args: list[ast.expr]) -> set[str]:
    return {
        key.value
        for arg in args
        if isinstance(arg, ast.Dict)
        for key in arg.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def test_every_notice_of_the_domain_has_its_words() -> None:
    told = {rule.tells for rule in (*RULES.values(), OTHER) if rule.tells}
    assert (set(_notified()) | told) - set(TEXTS) == set()


def test_every_word_in_braces_has_its_value() -> None:
    spread = {"courier_changed", "courier_refused"}  # their data is put together elsewhere: `direction`, `partner`
    for name, keys in _notified().items():
        wanted = set(re.findall(r"{(\w+)}", TEXTS[name].text))
        known = ALWAYS | keys | ({"direction", "partner"} if name in spread else set())
        assert wanted <= known, name


def test_every_page_is_one_of_the_mini_apps() -> None:
    assert {text.page for text in TEXTS.values()} <= {p.parent.name for p in PAGES.glob("*/index.vue")}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_is_one_to_three_short_sentences(name: str) -> None:
    text = TEXTS[name].text
    assert 1 <= len(re.findall("[。？！]", text)) <= 3
    assert len(text) <= 70  # one text message
    assert len(TEXTS[name].title) <= 20


def test_values_stand_as_one_reads_them() -> None:
    said = message("originals_resend", "居住证", "1", {"names": ["户口簿", "租房合同"]}, {})
    assert "户口簿、租房合同" in said.text
    said = message("accepted", "居住证", "1", {"promised": "2026-03-05"}, {})
    assert "2026年3月5日" in said.text
    said = message("courier_changed", "居住证", "1", {"partner": "sf", "direction": "delivery"}, {"sf": "顺丰速运"})
    assert "由顺丰速运上门（送结果上门）" in said.text
    assert said.page == "pages/courier/index?no=1&leg=delivery"


def test_what_is_missing_or_unknown_is_no_fault() -> None:
    assert MISSING in message("returned", "居住证", "1", {}, {}).text
    assert "有新进展" in message("never_heard_of", "居住证", "1", {"a": 1}, {}).text
    assert not text_of("never_heard_of").urgent


@pytest.mark.parametrize(
    ("key", "value", "sent"),
    [
        ("thing1", "字" * 21, "字" * 19 + "…"),
        ("thing1", "  两   边 ", "两 边"),
        ("thing1", "", "无"),
        ("character_string2", "编号 440105-A", "440105-A"),
        ("number3", "共2处", "2"),
        ("number3", "几处", "0"),
        ("phrase4", "材料需要补正", "材料需要补"),
        ("phrase4", "ok", "无"),
        ("name5", "欧阳·买买提江·阿不都热合曼", "欧阳·买买提江·阿不"),
        ("name5", "Alexander Maximilian Smith", "Alexander Maximilian"),
        ("phone_number6", "138 0000 0000", "13800000000"),
    ],
)
def test_a_value_takes_the_form_of_its_key(key: str, value: str, sent: str) -> None:
    assert fitted(key, value) == sent


def test_a_key_of_no_known_type_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyUnknown):
        fitted("things1", "x")
    book = tmp_path / "wechat.yaml"
    book.write_text("returned: {template_id: T, fields: {things1: item}}", "utf-8")
    with pytest.raises(WechatSettingWrong, match="things1"):
        templates(book)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, "WECHAT_SECRET"),
        ({"WECHAT_SECRET": "s", "WECHAT_STATE": "release"}, "WECHAT_STATE"),
        ({"WECHAT_SECRET": "s", "WECHAT_AES_KEY": "short"}, "WECHAT_AES_KEY"),
        ({"WECHAT_SECRET": "s", "WECHAT_READ_TIMEOUT_S": "soon"}, "WECHAT_READ_TIMEOUT_S"),
        ({"WECHAT_SECRET": "s", "WECHAT_TEMPLATES": "nowhere.yaml"}, "WECHAT_TEMPLATES"),
    ],
)
def test_a_setting_that_is_wrong_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(WechatSettingWrong, match=named):
        WechatSettings.from_mapping({"WECHAT_APPID": "wx1", **env})


def test_without_an_appid_there_is_no_wechat() -> None:
    assert WechatSettings.from_mapping({"WECHAT_SECRET": "s"}) is None


def test_every_text_that_the_app_shows_has_its_english_with_the_same_words_in_braces() -> None:
    shown = {name: text for name, text in TEXTS.items() if not text.secret}
    assert set(ENGLISH) == set(shown)
    for name, text in shown.items():
        assert set(re.findall(r"{(\w+)}", ENGLISH[name].text)) == set(re.findall(r"{(\w+)}", text.text)), name
        assert not re.search(r"[\u4e00-\u9fff]", ENGLISH[name].title + ENGLISH[name].text), name


def test_a_notice_is_said_in_english_with_days_times_and_names() -> None:
    words = {"ems": "China Post EMS", "户口簿": "household register"}
    data = {"names": ["户口簿", "其他"], "due": "2026-05-01", "start": "2026-05-01T01:30:00+00:00"}
    title, text = in_english("originals_resend", "Card", data, words)
    assert (title, text.split(": ")[1]) == (
        "Please send more originals",
        "household register, 其他. Please book a courier in the app.",
    )
    assert in_english("appointment_reminder", "Card", {**data, "office": "A"}, {})[1].startswith(
        "Reminder: “Card”, 1 May 2026, 09:30, A."
    )
    assert in_english("not_yet_known", "Card", {}, {}) == (
        "News of your application",
        "There is news of “Card”. Please look in the app.",
    )
