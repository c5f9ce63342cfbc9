"""The fields of one JSON object, read by kind; what is wrong with any of them is kept and told together."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from assistant.errors import SettingsError
from assistant.places import place_code

E = TypeVar("E", bound=StrEnum)


class Fields:
    """Reads fields of an object; each reader gives a harmless value where the field is at fault.

    `within` is the name of the field that holds the object, for the faults of nested ones.
    """

    def __init__(self, row: Mapping[str, Any], within: str = "") -> None:
        self._row = row
        self._within = within
        self._faults: list[str] = []
        self._nested: list[tuple[Fields, set[str]]] = []

    def faults(self, allowed: Collection[str]) -> list[str]:
        """Return every fault met so far, those of nested objects too, and the fields that are not `allowed`."""
        unknown = sorted(set(self._row) - set(allowed))
        nested = [fault for fields, names in self._nested for fault in fields.faults(names)]
        return [*self._faults, *nested, *(f"未知字段 {self._within}{name}" for name in unknown)]

    def text(self, name: str, needed: bool = True) -> str:
        """Return a text; it must be there and not blank where it is needed."""
        value = self._row.get(name, None if needed else "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self._wrong(name, "应是非空文字" if needed else "应是文字")
            return ""
        return value

    def choice(self, name: str, choices: Collection[str]) -> str:
        """Return a text that is one of the choices."""
        value = self.text(name)
        if value and value not in choices:
            self._wrong(name, f"的 {value} 不在 {'、'.join(sorted(choices))} 之中")
        return value

    def member(self, name: str, kind: type[E], otherwise: E) -> E:
        """Return a member of an enumeration."""
        value = self.choice(name, [str(one) for one in kind])
        return kind(value) if value in {str(one) for one in kind} else otherwise

    def texts(self, name: str, choices: Collection[str] | None = None, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts; where there are choices, each is one of them and none stands twice."""
        value = self._row.get(name, None if needed else [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self._wrong(name, "应是文字的列表")
            return ()
        if choices is not None and len(set(value)) < len(value):
            self._wrong(name, "里有重复")
        for one in value:
            if choices is not None and one not in choices:
                self._wrong(name, f"的 {one} 不在可用的值之中")
        return tuple(value)

    def facts(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of lists of words, none of them empty."""
        value = self._row.get(name)
        if not isinstance(value, list) or not all(
            isinstance(fact, list) and fact and all(isinstance(word, str) and word.strip() for word in fact)
            for fact in value
        ):
            self._wrong(name, "应是列表的列表，里面是非空文字")
            return ()
        return tuple(tuple(fact) for fact in value)

    def flag(self, name: str) -> bool:
        """Return a truth value, false where it is not given."""
        value = self._row.get(name, False)
        if not isinstance(value, bool):
            self._wrong(name, "应是 true 或 false")
        return value is True

    def day(self, name: str) -> date | None:
        """Return a date, None where it is not given."""
        value = self.text(name, needed=False)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self._wrong(name, f"的 {value} 不是日期（应如 2024-06-01）")
            return None

    def place(self, name: str) -> str:
        """Return the name of a place that the product knows, "" where it is not given."""
        value = self.text(name, needed=False)
        try:
            place_code(value)
        except SettingsError as error:
            self._wrong(name, f"有误：{error}")
        return value

    def states(self, name: str, choices: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Return an object of phrases with a state each."""
        value = self._row.get(name, {})
        if not isinstance(value, dict) or not all(
            isinstance(state, str) and state in choices for state in value.values()
        ):
            self._wrong(name, f"应是“短语: 状态”，状态是 {'、'.join(sorted(choices))}")
            return ()
        return tuple(value.items())

    def parts(self, name: str, allowed: set[str]) -> tuple["Fields", ...]:
        """Return the objects of a list, each to be read like this one."""
        value = self._row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._wrong(name, "应是对象的列表")
            return ()
        found = tuple(Fields(one, f"{self._within}{name}[{number}].") for number, one in enumerate(value))
        self._nested += [(fields, allowed) for fields in found]
        return found

    def _wrong(self, name: str, how: str) -> None:
        self._faults.append(f"字段 {self._within}{name} {how}")
