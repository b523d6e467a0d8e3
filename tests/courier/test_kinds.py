"""Partners are found, not listed: dropping in one module and writing one entry in the settings adds one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from courier.kinds import kinds
from courier.port import Booked
from courier.registry import capabilities, hook_opens, labels, partners
from courier.settings import SettingsWrong, from_mapping
from tests.courier.builders import order
from tests.courier.host import Host

ACME = Path(__file__).parent / "dropped" / "acme_courier.py"
SHIPPED = {"ems", "sf", "kuaidi100", "kdniao", "jdl", "grid", "drop_box", "counter"}
ENTRY = {
    "ZEROTRIP_COURIERS": "acme",
    "ZEROTRIP_ACME_KEY": "a-key",
    "ZEROTRIP_ACME_HOOK_SECRET": "0123456789abcdef",
}


def distribution(folder: Path, entry_point: str) -> None:
    """What an installed package leaves beside its modules."""
    info = folder / "acme_courier-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-courier\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[zerotrip.couriers]\n{entry_point}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that Python looks for packages in."""
    monkeypatch.syspath_prepend(str(tmp_path))
    kinds.cache_clear()
    yield tmp_path
    kinds.cache_clear()


def test_partners_of_this_program_are_found_by_their_modules() -> None:
    assert kinds().keys() == SHIPPED
    assert all(kind.settings.__module__.startswith("courier.") for kind in kinds().values())
    assert labels()["grid"] == "网格员"


def test_one_module_and_one_entry_add_a_partner(site: Path) -> None:
    shutil.copy(ACME, site)
    distribution(site, "acme = acme_courier:PARTNERS")
    host = Host()
    host.answers(b'{"waybill": "AC1"}')
    settings = from_mapping(ENTRY | {"ZEROTRIP_ACME_BASE_URL": host.url})
    (partner,) = partners(settings).values()
    assert partner.book(order()) == Booked("AC1")
    host.close()
    assert capabilities().keys() == SHIPPED | {"acme"}
    assert labels()["acme"] == "阿克米快递"
    assert hook_opens(settings, "acme", "0123456789abcdef")


def test_its_entry_is_checked_as_everybodys(site: Path) -> None:
    shutil.copy(ACME, site)
    distribution(site, "acme = acme_courier:PARTNERS")
    with pytest.raises(SettingsWrong, match="ZEROTRIP_ACME_BASE_URL"):
        from_mapping(ENTRY)


def test_a_partner_that_nobody_installed_is_not_known() -> None:
    with pytest.raises(SettingsWrong, match="acme"):
        from_mapping(ENTRY)


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ("PARTNERS = ()\nfrom courier.ems.partner import PARTNERS\n", "two named 'ems'"),
        ("PARTNERS = ['acme']\n", "tuple of PartnerKind"),
        ("", "PARTNERS"),
        (None, "No module"),
    ],
    ids=["a name that is taken", "no partner", "nothing declared", "not there"],
)
def test_a_module_that_cannot_be_right_stops_the_start(site: Path, module: str | None, why: str) -> None:
    name = f"wrong_{why.partition(' ')[0].lower()}"
    if module is not None:
        (site / f"{name}.py").write_text(module)
    distribution(site, f"acme = {name}:PARTNERS")
    with pytest.raises(SettingsWrong, match=why):
        kinds()
