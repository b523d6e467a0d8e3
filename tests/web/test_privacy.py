"""Consents, one's own data, and erasing it as far as the law allows."""

from tests.web.world import JPEG, World


def test_a_consent_is_given_once_and_taken_back(world: World) -> None:
    me = world.resident()
    for _ in range(2):
        given = me.post("/api/v1/consents", 201, kind="privacy", version="1")["consents"]
    assert [(c["kind"], c["version"], c["withdrawn_at"]) for c in given] == [("privacy", "1", None)]
    (gone,) = me.post("/api/v1/consents", 201, kind="privacy", version="1", given=False)["consents"]
    assert gone["withdrawn_at"] is not None


def test_a_person_gets_everything_that_is_kept_about_them_and_nothing_of_others(world: World) -> None:
    me, other = world.resident("me"), world.resident("other")
    no = me.opens(agent={"name": "李代办", "id_number": "440105198001010010", "phone": "13900000000"})
    other.opens()
    mine = me.get("/api/v1/me/data")
    (case,) = mine["cases"]
    assert case["case"] == no
    assert case["applicant"]["id_number"] == "440105199003070019"
    assert (case["agent"]["name"], case["address"]["detail"]) == ("李代办", "样本路1号")
    assert mine["platform"] == "embedded"


def test_a_draft_is_erased_and_what_was_handed_in_is_explained(world: World) -> None:
    me = world.resident()
    handed_in, draft = me.opens(), me.opens()
    me.submits(handed_in)
    page = me.uploads(draft, "id_front", JPEG + b"only here")["id"]
    world.read(draft, page)
    blob = world.file(draft).pages[0].blob
    erased = me.post("/api/v1/me/erase", transaction_id="e")
    assert erased["erased"] == [draft]
    assert [(k["case"], k["state_label"]) for k in erased["kept"]] == [(handed_in, "已提交，正在看材料")]
    assert "撤回" in erased["kept"][0]["reason"]
    left = world.file(draft)
    assert (left.case.state, left.case.applicant.name, left.case.address) == ("withdrawn", "", None)
    assert (left.case.answers, left.pages_of("id_front"), left.pages[0].findings) == ({}, (), ())
    assert not world.blobs.exists(blob)
    assert me.post("/api/v1/me/erase", transaction_id="e") == erased


def test_the_same_picture_in_a_case_that_stays_is_kept(plain_world: World) -> None:
    me = plain_world.resident()
    handed_in, draft = me.opens(), me.opens()
    me.submits(handed_in)
    me.uploads(draft, "id_front", JPEG + b"id_front")
    me.post("/api/v1/me/erase")
    assert all(plain_world.blobs.exists(p.blob) for p in plain_world.file(handed_in).pages)


def test_the_record_of_an_erased_draft_still_fits_together(world: World) -> None:
    me = world.resident()
    me.opens()
    me.post("/api/v1/me/erase")
    with world.database.reading() as tx:
        from_storage = tx.timeline(me.get("/api/v1/cases")["cases"][0]["case"])
    assert [x.action for x in from_storage] == ["case_opened", "case_withdraw", "personal_data_erased"]
