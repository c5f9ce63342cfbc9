"""Whom a caller is handed to: the hotline's own list of departments, by place and topic.

    [[contact]]
    place = "佛山南海"
    topics = ["用电", "电价"]
    department = "南海区发展和改革局"
    phone = "0757-12345"

Nothing is guessed: without an entry that names the topic for the caller's place there is no contact.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ContactsError, SettingsError
from assistant.places import Sight, branch, place_code, place_words, sees
from assistant.schema import WHOLE_COUNTRY

TABLE = "contact"
Line = Annotated[str, Field(strict=True, min_length=1, max_length=60, pattern=r"^[^\n\r\t]*\S[^\n\r\t]*$")]
# Matches 0757-86330000, 12345, (020) 8313 3283 转 801、83133284; refuses 见官网, empty.
Phone = Annotated[str, Field(strict=True, max_length=60, pattern=r"^[0-9+(（][0-9+()（）\-—转、/ ]{2,}$")]
_FIELDS = {"place": "文字", "topics": '列表，如 ["用电", "电价"]', "department": "一行文字", "phone": "电话号码"}


class _Row(BaseModel):
    """A row of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: Line
    topics: Annotated[tuple[Annotated[Line, Field(min_length=2)], ...], Field(min_length=1)]
    department: Line
    phone: Phone


@dataclass(frozen=True, slots=True)
class Contact:
    """A department that handles some topics in one place.

    Attributes:
        place: administrative-division code; "000000" for the whole country.
        topics: words, one of which a question must contain.
    """

    place: str
    topics: tuple[str, ...]
    department: str
    phone: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """The hotline's list; empty until it has one."""

    rows: tuple[Contact, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Contacts":
        """Return the list in a file; an absent file is an empty list.

        Raises:
            ContactsError: the file cannot be read, or a row is wrong: an unknown key or place, a missing field, a topic
                that another row has for the same place. One line that names the row.
        """
        if not path.exists():
            return cls()
        rows = []
        owner: dict[tuple[str, str], int] = {}
        for number, row in enumerate(_tables(path), start=1):
            where = f"{path.name} 第 {number} 个 [[{TABLE}]]"
            contact = _contact(row, where)
            for topic in contact.topics:
                first = owner.setdefault((contact.place, _plain(topic)), number)
                if first != number:
                    raise ContactsError(
                        f"{where}：{place_words(contact.place)}的“{topic}”已写在第 {first} 个；请只留一处"
                    )
            rows.append(contact)
        return cls(tuple(rows))

    def find(self, text: str, region: str) -> Contact | None:
        """Return who handles what `text` speaks of where the caller is; None where no row says so.

        The most specific place comes first (a county's row, then its city's, its province's, the country's), then the
        longest topic word. Where two rows are as good as each other there is no contact. Of a caller whose place is not
        known ("") only rows for the whole country speak.

        Raises:
            SettingsError: the region is not known.
        """
        asker = place_code(region)
        spoken = _plain(text)
        best: list[Contact] = []
        best_rank = (-1, 0)
        for row in self.rows:
            if not _serves(row.place, asker):
                continue
            longest = max((len(topic) for topic in map(_plain, row.topics) if topic in spoken), default=0)
            rank = (len(branch(row.place)), longest)
            if not longest or rank < best_rank:
                continue
            best = [*best, row] if rank == best_rank else [row]
            best_rank = rank
        return best[0] if len({(row.department, row.phone) for row in best}) == 1 else None


def _serves(place: str, asker: str) -> bool:
    return place == WHOLE_COUNTRY or (bool(asker) and sees(asker, place) is Sight.APPLIES)


def _plain(text: str) -> str:
    """Return a text as topics are looked for in it: full width, case and white space set aside."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _contact(row: Any, where: str) -> Contact:
    if not isinstance(row, dict):
        raise ContactsError(f"{where}：应是一个表；请参照 README 改正")
    try:
        found = _Row.model_validate(row)
        return Contact(place_code(found.place), found.topics, found.department.strip(), found.phone.strip())
    except SettingsError as error:
        raise ContactsError(f"{where}：{error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "extra_forbidden":
            reason = f"字段 {field} 不存在；可用的字段：{'、'.join(_FIELDS)}"
        elif first["type"] == "missing":
            reason = f"缺少字段 {field}；请补上"
        elif first["type"] == "string_too_short" and field == "topics":
            reason = "topics 里的词至少两个字；请改正"
        else:
            reason = f"字段 {field} 无效，应是{_FIELDS.get(field, '文字')}；请改正"
        raise ContactsError(f"{where}：{reason}") from error


def _tables(path: Path) -> list[Any]:
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ContactsError(f"{path.name}：无法打开（{error.strerror}）；请检查路径 {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContactsError(f"{path.name}：不是有效的 UTF-8 TOML（{error}）；请按所示位置改正") from error
    unknown = sorted(set(table) - {TABLE})
    rows = table.get(TABLE, [])
    if unknown or not isinstance(rows, list):
        raise ContactsError(
            f"{path.name}：只能由 [[{TABLE}]] 组成{f'，不认识 {unknown[0]}' if unknown else ''}；请改正"
        )
    return rows
