"""Terminals as the desk sees them."""

from storage.words import Role
from tests.web.kiosk.terminals import enrolled
from tests.web.world import SYSTEM, World


def test_the_desk_sees_what_each_terminal_does_and_how_long_residents_need(plain_world: World) -> None:
    here, other = enrolled(plain_world), enrolled(plain_world, "二号机")
    no = here.hands_in()
    here.ask("POST", f"/kiosk/api/cases/{no}/receipt")
    here.ask("POST", "/kiosk/api/heartbeat", json={"state": "in_use", "session": here.session})
    other.ask("POST", "/kiosk/api/heartbeat", json={"state": "paper_out", "paper": "out"})
    desk = plain_world.system(Role.INTAKE)
    one, two = desk.get("/desk/api/devices")["devices"]
    assert (one["name"], one["state"], one["state_label"], one["receipts"]) == ("一号机", "in_use", "使用中", 1)
    assert 0 <= one["median_s"] < 180
    assert (two["state"], two["state_label"], two["paper"], two["median_s"]) == ("paper_out", "缺纸", "out", None)
    filled = desk.post(f"/desk/api/devices/{other.id}/paper", paper="ready")
    assert filled["paper"] == "ready"
    assert other.ask("GET", "/kiosk/api/device")["paper"] == "ready"
    desk.post("/desk/api/devices/nothing/paper", 404, paper="ready")


def test_a_revoked_terminal_is_let_in_nowhere(plain_world: World) -> None:
    here = enrolled(plain_world)
    here.begins()
    no = here.opens()
    with plain_world.database.transaction() as tx:
        tx.devices.revoke(here.id, actor=SYSTEM)
    here.ask("GET", f"/api/v1/cases/{no}", 401)
    here.ask("POST", "/kiosk/api/heartbeat", 401, json={"state": "idle"})
    assert plain_world.system(Role.SUPERVISOR).get("/desk/api/devices")["devices"][0]["state"] == "revoked"
