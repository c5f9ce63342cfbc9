"""The picture of a retrieval report: recall against k, and quality against latency. Labels in English: no CJK font."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import MissingDependencyError
from eval.ranking import DEPTH, recall_curve

Row = dict[str, Any]
SIZE_INCHES, DPI = (11, 4.4), 90
# Ten colours; the eleventh system begins with the first colour and another line.
STYLES, MARKERS = ("-", "--", ":"), ("o", "s", "^")


def load_matplotlib() -> tuple[Any, Any]:
    """Return matplotlib's figure and the canvas that needs no screen; asked for before hours of measuring.

    Raises:
        MissingDependencyError: without the extra [eval].
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependencyError('画图需要 matplotlib；请运行 pip install ".[eval]"') from error
    return Figure, FigureCanvasAgg


def draw(title: str, systems: Sequence[Row], ranks: Mapping[str, Sequence[Sequence[int | None]]], path: Path) -> None:
    """Write a PNG of two panels.

    Args:
        title: of the picture, in English.
        systems: rows of the table, with "name", "R@10" and "seconds".
        ranks: by system, the ranks of every question's gold; None for one that was not found.
        path: of the picture.

    Raises:
        MissingDependencyError: without the extra [eval].
    """
    new_figure, canvas = load_matplotlib()
    figure = new_figure(figsize=SIZE_INCHES, dpi=DPI, layout="constrained")
    canvas(figure)
    figure.suptitle(title)
    left, right = figure.subplots(1, 2)
    for number, row in enumerate(systems):
        if ranks[row["name"]]:
            curve = recall_curve(ranks[row["name"]])
            style = {"color": f"C{number % 10}", "linestyle": STYLES[number // 10 % len(STYLES)], "linewidth": 1.3}
            left.plot(range(1, DEPTH + 1), curve, label=row["name"], **style)
    left.set(xscale="log", xlabel="k", ylabel="recall@k", ylim=(0, 1))
    left.set_xticks([1, 2, 5, 10, 20, 50, 100], labels=["1", "2", "5", "10", "20", "50", "100"])
    left.grid(alpha=0.3)
    for number, row in enumerate(systems):
        quality, median = row["R@10"], row["seconds"]["p50"]
        if quality["value"] is None or median is None:
            continue
        x = max(1000 * median, 0.1)
        spread = [[quality["value"] - quality["low"]], [quality["high"] - quality["value"]]]
        marker = MARKERS[number // 10 % len(MARKERS)]
        right.errorbar(
            [x], [quality["value"]], yerr=spread, fmt=marker, capsize=2, color=f"C{number % 10}", label=row["name"]
        )
    right.set(xscale="log", xlabel="median time of a question, ms", ylabel="recall@10 (95 % interval)")
    right.grid(alpha=0.3)
    figure.legend(*right.get_legend_handles_labels(), fontsize=7, loc="outside right center")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
