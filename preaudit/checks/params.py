"""Parameters of checks, as an item file writes them: parsed once, refused with a sentence.

`{not_expired: {days_left: 30}}` is a mapping of options; `{same: [a.x, b.y]}` is a list; a check with one option also
takes the bare value (`{located_in: 海珠区}`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Params = Mapping[str, Any]
MOST_SHOWN = 6
Parse = Callable[[Any], Params]


class ParamsInvalid(ValueError):
    """Message: which parameter, and what is wrong with it."""


@dataclass(frozen=True)
class Option:
    """One named parameter. `default` ... means it must be given."""

    name: str
    kind: type
    default: Any = ...
    least: int | None = None
    choices: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """For the catalogue's users: `days_left: int = 0`."""
        kind = "list" if self.kind is tuple else self.kind.__name__
        chosen = f" of {', '.join(sorted(self.choices))}" if 0 < len(self.choices) <= MOST_SHOWN else ""
        return f"{self.name}: {kind}{chosen}" + ("" if self.default is ... else f" = {self._shown()}")

    def _shown(self) -> str:
        return ", ".join(self.default) if isinstance(self.default, tuple) else str(self.default)

    def read(self, value: Any) -> Any:
        if self.kind is tuple:
            return self._strings(value)
        if not isinstance(value, self.kind) or isinstance(value, bool):
            raise ParamsInvalid(f"{self.name}: 应为{'整数' if self.kind is int else '文字'}，实为 {value!r}")
        if isinstance(value, int) and self.least is not None and value < self.least:
            raise ParamsInvalid(f"{self.name}: 不能小于 {self.least}")
        self._choose(value)
        return value

    def _strings(self, value: Any) -> tuple[str, ...]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list | tuple) or not given or not all(isinstance(v, str) for v in given):
            raise ParamsInvalid(f"{self.name}: 应为文字列表")
        if self.least is not None and len(given) < self.least:
            raise ParamsInvalid(f"{self.name}: 至少需要 {self.least} 项")
        for each in given:
            self._choose(each)
        return tuple(given)

    def _choose(self, value: Any) -> None:
        if self.choices and value not in self.choices:
            raise ParamsInvalid(f"{self.name}: {value!r} 不在 {', '.join(sorted(self.choices))} 之中")


def options(*known: Option) -> Parse:
    """A parser for these options. Missing ones take their default; unknown ones are refused."""
    names = {o.name for o in known}

    def parse(raw: Any) -> Params:
        given = _as_mapping(raw, known)
        unknown = sorted(set(map(str, given)) - names)
        if unknown:
            raise ParamsInvalid(f"不认识的参数 {unknown[0]}")
        return {o.name: _one(o, given) for o in known}

    return parse


def _as_mapping(raw: Any, known: tuple[Option, ...]) -> Mapping[Any, Any]:
    if raw is None:
        return {}
    if isinstance(raw, Mapping):
        return raw
    if not known:
        raise ParamsInvalid("此检查没有参数")
    return {known[0].name: raw}


def _one(option: Option, given: Mapping[Any, Any]) -> Any:
    if option.name in given:
        return option.read(given[option.name])
    if option.default is ...:
        raise ParamsInvalid(f"缺少参数 {option.name}")
    return option.default
