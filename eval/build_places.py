"""The table of places: `python -m eval.build_places` writes assistant/places.csv from ../shared/data/admin_divisions.

Codes and names only, which are facts. Left out are rows that stand for no place (市辖区, 省直辖县级行政区划) and
development zones, whose codes (the last two digits from 71 to 79) are the statistics office's own: in law a development
zone belongs to the city that set it up.
"""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT.parent / "shared" / "data" / "admin_divisions"
TARGET = ROOT / "assistant" / "places.csv"
# Names of rows under which the table hangs counties that belong to the province itself.
NO_PLACE = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
# GB/T 2260 has them; the source leaves them out.
BEYOND_THE_SOURCE = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}


def rows(source: Path) -> dict[str, str]:
    """Return names by six-digit code, in the order of the codes."""
    found = dict(BEYOND_THE_SOURCE)
    for file in ("provinces.csv", "cities.csv", "areas.csv"):
        with (source / file).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                code, name = row["code"].ljust(6, "0"), row["name"].strip()
                if name not in NO_PLACE and not 71 <= int(code[4:]) <= 79:
                    found[code] = name
    return dict(sorted(found.items()))


def main() -> int:
    """Write the table; return 1 where the source is not there."""
    if not SOURCE.is_dir():
        print(f"错误：没有 {SOURCE.name} 文件夹，无法生成地名表", file=sys.stderr)
        return 1
    found = rows(SOURCE)
    lines = ["code,name", *(f"{code},{name}" for code, name in found.items())]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}：{len(found)} 行")
    return 0


if __name__ == "__main__":
    sys.exit(main())
