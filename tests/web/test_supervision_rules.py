"""The rules of supervision at both doors: changed with a reason, by whoever may, each version kept; nobody overwrites what
they have not seen."""

from storage.words import Role
from tests.web.test_desk_pages import signed_in
from tests.web.world import Caller, World

NAME = "state.in_review"
FORM = {
    "version": "0", "why": "窗口人手少，提前一天提醒", "unit": "working_days", "before": "1", "share": "100",
    "role": ["holder", "supervisor", "", ""], "after": ["0", "2", "0", "0"],
}  # fmt: skip


def test_a_rule_is_changed_on_the_page_and_every_version_is_told(plain_world: World) -> None:
    boss = Caller(plain_world, signed_in(plain_world, Role.ADMINISTRATOR))
    assert "还没有改过" in boss.raw("GET", "/desk/board/rules").text
    assert f'hx-post="/desk/board/rules/{NAME}"' in boss.raw("GET", f"/desk/board/rules?open={NAME}").text
    assert boss.raw("POST", f"/desk/board/rules/{NAME}", data=FORM).status_code == 204
    shown = boss.raw("GET", "/desk/board/rules").text
    assert "窗口人手少，提前一天提醒" in shown
    assert "当前经办（立即）、主管（2个工作日后）" in shown
    stale = boss.raw("POST", f"/desk/board/rules/{NAME}", data=FORM)
    assert "规则刚刚由他人修改" in stale.text
    back = boss.raw("POST", f"/desk/board/rules/{NAME}", data={"version": "1", "why": "恢复", "usual": "true"})
    assert back.status_code == 204
    assert "恢复默认" in boss.raw("GET", "/desk/board/rules").text
    nowhere = boss.raw("POST", "/desk/board/rules/state.nowhere", data=FORM | {"version": "2"})
    assert "没有这种监察对象" in nowhere.text


def test_whoever_sees_the_board_sees_the_versions_and_changes_nothing(plain_world: World) -> None:
    admin, boss = plain_world.system(Role.ADMINISTRATOR), plain_world.system(Role.SUPERVISOR)
    rules = {NAME: {"yellow": {"hours": 8}, "ladder": []}}
    made = admin.ask("PUT", "/desk/api/supervision/rules", json={"rules": rules, "why": "试行"})
    assert (made["version"], made["rules"][NAME]["ladder"]) == (1, [])
    admin.ask("PUT", "/desk/api/supervision/rules", 409, json={"rules": {}, "version": 0})
    admin.ask("PUT", "/desk/api/supervision/rules", json={"rules": {}, "version": 1})
    seen = boss.get("/desk/api/supervision/rules/versions")
    assert [(v["version"], v["why"], v["changed"]) for v in seen["versions"]] == [(2, "", [NAME]), (1, "试行", [NAME])]
    assert boss.get("/desk/api/supervision/rules")["said"] == {}
    boss.ask("PUT", "/desk/api/supervision/rules", 403, json={"rules": rules})
    page = Caller(plain_world, signed_in(plain_world, Role.SUPERVISOR))
    assert "修改：" not in page.raw("GET", "/desk/board/rules").text
