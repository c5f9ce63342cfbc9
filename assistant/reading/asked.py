"""asked.toml: questions people put, beside the provision that answers them; searched with the documents, never quoted.

[[asked]]
provision = "gd-transfer-2025:a30"
questions = ["电费能不能便宜点", "用气老是不够，管不管"]
"""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ManifestError

ASKED = "asked.toml"

# Unit → questions, in the order of the file.
AskedOf = dict[str, tuple[str, ...]]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    # Matches gd-transfer-2025:a30 and mfg-transfer-2021:n8; refuses a30 and gd-transfer-2025:.
    provision: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9][a-z0-9-]*:[a-z0-9.-]+$")]
    questions: tuple[Annotated[str, Field(strict=True, min_length=2, max_length=400)], ...]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    asked: tuple[_Row, ...] = ()


def load_asked(path: Path) -> dict[str, AskedOf]:
    """Return document id → unit → the questions that it answers; nothing where there is no file.

    Raises:
        ManifestError: the file is no TOML, or a row of it is malformed.
    """
    if not path.is_file():
        return {}
    try:
        table = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(f"{path.name}：不是有效的 UTF-8 TOML（{error}）；请按所示位置改正") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ManifestError(f"{path.name}：{where} 无效（{first['msg']}）；请改正") from error
    found: dict[str, AskedOf] = {}
    for row in table.asked:
        units = found.setdefault(row.provision.partition(":")[0], {})
        units[row.provision] = tuple(dict.fromkeys((*units.get(row.provision, ()), *row.questions)))
    return found
