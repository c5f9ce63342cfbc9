"""What laws.jsonl says of a law, as the metadata of a document: level, place, dates, and which are versions of one.

The rows say little: half have no date of effect, and the flag `expired` has no date. What is unknown stays unknown,
for unknown dates filter nothing. Of several versions of one title, the start of a later one ends the one before it.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assistant.schema import Kind, Level, Metadata
from assistant.schema.documents import WHOLE_COUNTRY

SNAPSHOT = date(2025, 4, 19)  # the day the archive was made: what it calls expired had ended by then
LEVELS: Mapping[str, Level] = {
    "宪法": Level.CONSTITUTION,
    "法律": Level.LAW,
    "行政法规": Level.ADMINISTRATIVE_REGULATION,
    "司法解释": Level.JUDICIAL_INTERPRETATION,
    "地方性法规": Level.LOCAL_REGULATION,
    "部门规章": Level.DEPARTMENT_RULE,
}
# A place that ends in one of these can be the area of rules of its own.
_SUFFIX = re.compile(r"(?:市|自治州|自治县|地区|盟)$")  # matches 佛山市, 连南瑶族自治县; refuses 东城区
_ZONE = re.compile(r"^(\w{2,3})经济特区")  # matches 深圳经济特区数据条例; refuses 经济特区外汇管理
_NO_PLACES = frozenset({"市辖区", "城区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def law_metadata(rows: Iterable[Mapping[str, Any]], divisions: Path, doc_ids: Mapping[str, str]) -> dict[str, Metadata]:
    """Return the metadata of every law by its law_id.

    Args:
        rows: of laws.jsonl.
        divisions: the folder with provinces.csv, cities.csv and areas.csv.
        doc_ids: law_id → id of the document.
    """
    found = {row["law_id"]: _one(row, divisions, doc_ids[row["law_id"]]) for row in rows}
    by_work: dict[str, list[str]] = {}
    for law_id, metadata in found.items():
        by_work.setdefault(metadata.work, []).append(law_id)
    for versions in by_work.values():
        for law_id in versions:
            later = [
                start
                for other in versions
                if other != law_id and (start := _start(found[other])) and start > (_start(found[law_id]) or date.min)
            ]
            if later and (found[law_id].repealed is None or min(later) < found[law_id].repealed):  # type: ignore[operator]
                found[law_id] = replace(found[law_id], repealed=min(later))
    return found


def _one(row: Mapping[str, Any], divisions: Path, doc_id: str) -> Metadata:
    title = row["title"]
    return Metadata(
        id=doc_id,
        title=title,
        kind=Kind.STATUTE,
        work="w-" + hashlib.sha256(title.encode()).hexdigest()[:12],
        level=LEVELS.get(row["level"] or ""),
        jurisdiction=place_of(title, row["region"] or "", divisions),
        promulgated=_date(row["publish"]),
        effective=_date(row["valid_from"]),
        repealed=SNAPSHOT if row["expired"] else None,
        file=doc_id + ".md",
        source="laws.tar.gz",
    )


def _start(metadata: Metadata) -> date | None:
    return metadata.effective or metadata.promulgated


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def place_of(title: str, province: str, divisions: Path) -> str:
    """Return the administrative-division code of the place that a law of `province` is for: the city or autonomous
    county that its title begins with, else the province; the whole country without a province.
    """
    if not province:
        return WHOLE_COUNTRY
    codes = _codes(divisions)
    own = codes[province]
    zone = _ZONE.match(title)
    if zone and (code := codes.get(zone[1] + "市", "")).startswith(own[:2]):
        return code
    fitting = [name for name in codes if title.startswith(name) and codes[name].startswith(own[:2])]
    return codes[max(fitting, key=len)] if fitting else own


def places_in(province: str, divisions: Path) -> tuple[str, ...]:
    """Return the names of a province's cities (in short too), counties and districts; `province` is its code of two
    digits.
    """
    names: dict[str, None] = {}
    for file in ("cities", "areas"):
        with (divisions / f"{file}.csv").open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                name = row["name"]
                if row["provinceCode"] == province and name not in _NO_PLACES:
                    names |= dict.fromkeys((name, name.removesuffix("市")) if file == "cities" else (name,))
    return tuple(names)


@cache
def _codes(divisions: Path) -> dict[str, str]:
    """Return name → code of six digits, of provinces (by short name too), cities and what makes rules below them."""
    codes: dict[str, str] = {}
    for file in ("areas", "cities", "provinces"):
        with (divisions / f"{file}.csv").open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                name = row["name"]
                if name in _NO_PLACES or (file == "areas" and not name.endswith("自治县")):
                    continue
                if file == "cities" and not _SUFFIX.search(name):
                    continue
                code = row["code"].ljust(6, "0")
                codes[name] = code
                if file != "areas":
                    codes[re.sub(r"(?:省|市|自治区)$", "", name)] = code  # 广东省 → 广东; 宁波市 → 宁波
    return codes
