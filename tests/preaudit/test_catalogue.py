from pathlib import Path

import pytest
import yaml

from cases.errors import NotFound
from cases.items import Kind, OriginalUse
from preaudit.catalogue import ITEMS, CatalogueInvalid, find, load
from preaudit.documents import fields_of
from preaudit.yaml_lines import YamlInvalid
from tests.preaudit.builders import raw_item, raw_material


def write(folder: Path, name: str, raw: object) -> Path:
    path = folder / name
    path.write_text(raw if isinstance(raw, str) else yaml.safe_dump(raw, allow_unicode=True, sort_keys=False))
    return path


def test_the_package_brings_its_items() -> None:
    assert set(load()) >= {"440105-SHBZK-BL", "440105-LNYDZ", "440105-JZZ-SL"}
    assert find("440105-LNYDZ").item.kind is Kind.INSTANT


def test_the_social_security_card_is_as_the_design_has_it() -> None:
    card = find("440105-SHBZK-BL")
    assert card.item.limits.promised_days == 5
    assert {step.department for step in card.item.routing} == {"rsj", "gaj"}
    assert all(not step.after for step in card.item.routing)
    assert card.item.result.form == "paper"
    form = card.item.material("application_form")
    assert form is not None
    assert form.original is OriginalUse.COLLECT
    assert form.form_fields["公民身份号码"] == "id_number"
    assert {"applicant_name", "phone", "address", "reason", "applied_on"} <= fields_of(form)


def test_an_item_knows_its_file_its_data_and_its_lines() -> None:
    card = find("440105-SHBZK-BL")
    assert card.file.parent == ITEMS
    assert card.raw["name"] == card.item.name
    text = card.file.read_text("utf-8").splitlines()
    assert "id_back" in text[card.line("item.materials[1].key") - 1]
    assert card.line("item.materials[1].key.nothing") == card.line("item.materials[1].key")


def test_an_unknown_code_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="440105-LNYDZ"):
        find("nothing")


def test_one_file_is_a_catalogue_of_one(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", raw_item())
    assert list(load(path)) == ["440105-SHILI"]


def test_two_files_with_one_code_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", raw_item())
    write(tmp_path, "b.yaml", raw_item())
    with pytest.raises(CatalogueInvalid, match=r"b\.yaml:1: .*a\.yaml"):
        load(tmp_path)


def test_what_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", "code: x\nname: [1, 2\n")
    with pytest.raises(YamlInvalid, match=r"a\.yaml:3: "):
        load(path)


def test_the_same_key_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", "code: x\nname: y\ncode: z\n")
    with pytest.raises(YamlInvalid, match=r"a\.yaml:3: .*code"):
        load(path)


@pytest.mark.parametrize("text", ["", "- 1\n", "just words\n", "? [a]\n: 1\n"])
def test_what_is_no_item_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises((CatalogueInvalid, YamlInvalid), match=r"a\.yaml:1: "):
        load(write(tmp_path, "a.yaml", text))


def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(YamlInvalid, match=r"gone\.yaml"):
        load(tmp_path / "gone.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(YamlInvalid, match="UTF-8"):
        load(tmp_path / "bytes.yaml")


def test_an_alias_that_would_unfold_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(YamlInvalid, match="锚点"):
        load(write(tmp_path, "a.yaml", "a: &a [1, *a]\n"))


def test_no_yaml_file_can_run_code(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", "!!python/object/apply:os.system ['true']\n")
    with pytest.raises(YamlInvalid):
        load(path)


def test_a_wrong_type_or_unknown_field_is_refused_where_it_stands(tmp_path: Path) -> None:
    wrong = write(tmp_path, "a.yaml", raw_item(version="three"))
    with pytest.raises(CatalogueInvalid, match=r"a\.yaml:2: item\.version"):
        load(wrong)
    strange = write(tmp_path, "b.yaml", raw_item(materials=[raw_material(colour="red")]))
    with pytest.raises(CatalogueInvalid, match="colour"):
        load(strange)


def test_a_check_that_does_not_exist_or_is_called_wrongly_is_refused(tmp_path: Path) -> None:
    for checks, says in (
        (["looks_nice"], "looks_nice"),
        ([{"not_expired": {"days_left": -1}}], "days_left"),
        ([{"not_expired": {"weeks": 1}}], "weeks"),
        (["located_in"], "缺少参数 places"),
        ([{"id_number_valid": {"field": 3}}], "field"),
        ([{"certificate_number_valid": "left"}], "left"),
        ([{"seal_present": 1}], "没有参数"),
        ([{"same": ["a.b", "c.d"]}], "不能用在这里"),
    ):
        path = write(tmp_path, "a.yaml", raw_item(materials=[raw_material(checks=checks)]))
        with pytest.raises(CatalogueInvalid, match=says):
            load(path)
    alone = write(tmp_path, "a.yaml", raw_item(cross_checks=[{"same": ["paper.name"]}]))
    with pytest.raises(CatalogueInvalid, match="至少需要 2 项"):
        load(alone)
