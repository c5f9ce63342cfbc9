"""Text of answers on its way into the page: escaped, or with the escapes of `Answer.answer` undone."""

import html
import re

from assistant.escape import escape

__all__ = ["escape", "plain"]

# Characters that Markdown escapes with a backslash in `Answer.answer`: matches "\*", "\[", refuses "\n" (a letter).
_MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain(markdown: str) -> str:
    r"""Return the words of `Answer.answer`: backslash escapes and entities undone, everything else left as it stands.

    >>> plain(r"1\. 用\*电 &lt;b&gt;")
    '1. 用*电 <b>'
    """
    return html.unescape(_MARKDOWN_ESCAPE.sub(r"\1", markdown))
