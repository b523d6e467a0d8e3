"""Which part of a district an address belongs to, and lines that cannot be meant."""

import pytest

from courier.areas import AreasWrong, area_of, areas_from
from courier.port import Address

LINE = "hz-cg:海珠区:赤岗 新港;hz:海珠区;wh:武侯区"


def there(district: str, detail: str) -> Address:
    return Address("广东省", "广州市", district, detail)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (there("海珠区", "赤岗街道样本路1号"), "hz-cg"),
        (there("海珠区", "新港西路2号"), "hz-cg"),
        (there("海珠区", "江南大道中258号"), "hz"),
        (there("武侯区", "赤岗路1号"), "wh"),
        (there("天河区", "赤岗路1号"), None),
    ],
)
def test_the_first_area_that_holds_an_address_is_its_area(address: Address, code: str | None) -> None:
    found = area_of(areas_from(LINE), address)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("hz", "code:district"),
        ("hz:", "code:district"),
        ("海珠:海珠区", "code:district"),
        ("a:海珠区:赤岗;a:海珠区", "twice"),
        ("hz:海珠区;hz-cg:海珠区:赤岗", "nothing reaches hz-cg"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_and_says_why(line: str, what: str) -> None:
    with pytest.raises(AreasWrong, match=what):
        areas_from(line)


def test_no_line_is_no_area() -> None:
    assert areas_from(" ") == ()
