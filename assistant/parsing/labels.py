"""Labels as a lawyer writes them after the title: 第十条第二款第（三）项, 第八部分, 第九部分第2自然段, 结尾段."""

from assistant.parsing.ids import Step, parse_path
from assistant.parsing.numerals import render_numeral


def article_piece(number: int, branch: int = 0) -> str:
    """Return the name of an article: 第十条; with a branch, 第一百二十条之一."""
    suffix = f"之{render_numeral(branch)}" if branch else ""
    return f"第{render_numeral(number)}条{suffix}"


def paragraph_piece(number: int) -> str:
    """Return the name of a 款: 第二款."""
    return f"第{render_numeral(number)}款"


def natural_paragraph_piece(number: int) -> str:
    """Return the name of a paragraph of a document without articles: 第2自然段."""
    return f"第{number}自然段"


def item_piece(number: int, *, arabic: bool = False) -> str:
    """Return the name of a 项: 第（三）项; where the text counts 1. 2. 3., 第3项."""
    return f"第{number}项" if arabic else f"第（{render_numeral(number)}）项"


def subitem_piece(number: int) -> str:
    """Return the name of a 目: 第1目."""
    return f"第{number}目"


def part_piece(letter: str, number: int) -> str:
    """Return the name of a numbered part of a policy document; `letter` is its step of the path.

    >>> [part_piece(letter, 2) for letter in "cnhtu"]
    ['第二章', '第二部分', '第（二）项', '第2点', '第（2）小点']
    """
    chinese = render_numeral(number)
    return {
        "b": f"第{chinese}编",
        "c": f"第{chinese}章",
        "d": f"第{chinese}节",
        "n": f"第{chinese}部分",
        "h": f"第（{chinese}）项",
        "t": f"第{number}点",
        "u": f"第（{number}）小点",
    }[letter]


def closing_piece(number: int = 1) -> str:
    """Return the name of a closing paragraph: 结尾段; of a second one, 结尾段第2段."""
    return "结尾段" if number == 1 else f"结尾段第{number}段"


def render_label(path: str) -> str:
    """Return the label of a path by its numbers alone: "a10.p2.i3" → 第十条第二款第（三）项.

    A parsed provision's own label is better where there is one: it knows that an article has a single 款, which is
    not named.

    Raises:
        ValueError: if the path is not in the grammar of `assistant.parsing.ids`.

    >>> render_label("a120-1.p2"), render_label("n9.p2"), render_label("closing")
    ('第一百二十条之一第二款', '第九部分第2自然段', '结尾段')
    """
    steps = parse_path(path)
    statute = steps[0].letter == "a"
    return "".join(_piece(step, statute) for step in steps)


def _piece(step: Step, statute: bool) -> str:
    match step.letter:
        case "a":
            return article_piece(step.number, step.branch)
        case "p":
            return paragraph_piece(step.number) if statute else natural_paragraph_piece(step.number)
        case "i":
            return item_piece(step.number)
        case "k":
            return subitem_piece(step.number)
        case "annex":
            return f"附件{step.number}"
        case "sheet":
            return f"第{step.number}表"
        case "row":
            return f"第{step.number}行"
        case "preamble":
            return "序言"
        case "closing":
            return closing_piece(step.number)
        case "s":
            return f"第{step.number}句"
        case letter:
            return part_piece(letter, step.number)
