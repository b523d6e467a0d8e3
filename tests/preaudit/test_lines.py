"""Reading order: rows on a sloping page, and cards copied head to foot."""

from cases.findings import Box
from cases.readings import Line
from preaudit.lines import direction, in_reading_order


def line(text: str, x: float, y: float, width: float = 100, rise: float = 0.0) -> Line:
    return Line(text, 0.9, ((x, y), (x + width, y + rise), (x + width, y + rise + 20), (x, y + 20)))


def texts(*lines: Line) -> str:
    return "".join(each.text for each in in_reading_order(lines))


def test_rows_are_read_from_left_to_right() -> None:
    assert texts(line("d", 200, 52), line("b", 200, 8), line("c", 0, 50), line("a", 0, 10)) == "abcd"


def test_a_sloping_page_keeps_its_rows() -> None:
    slope = 0.1
    page = [
        line(t, x, y + slope * x, rise=10) for t, x, y in (("a", 0, 0), ("b", 400, 0), ("c", 0, 40), ("d", 400, 40))
    ]
    assert texts(*reversed(page)) == "abcd"


def upside_down(each: Line) -> Line:
    a, b, c, d = each.box
    return Line(each.text, each.confidence, (c, d, a, b))


def test_text_that_stands_on_its_head_is_read_in_its_own_order_after_the_rest() -> None:
    head_down = [upside_down(line("二", 0, 200)), upside_down(line("一", 0, 240))]
    assert texts(line("main", 0, 0), *head_down, line("text", 0, 40)) == "maintext一二"


def test_directions() -> None:
    box: Box = ((0, 0), (10, 0), (10, 2), (0, 2))
    a, b, c, d = box
    assert [direction(x) for x in (box, (c, d, a, b), ((0, 0), (0, 10), (-2, 10), (-2, 0)))] == [0, 180, 90]
