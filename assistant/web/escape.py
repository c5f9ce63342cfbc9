"""The one way text gets into the page: everything that HTML or a page template could read as code becomes an entity."""

import html
import re

# Characters that Markdown escapes with a backslash in `Answer.answer`: matches "\*", "\[", refuses "\n" (a letter).
_MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# `${…}`, `{{…}}` and back-ticks are read by the page's template engine if they ever reach it unescaped.
_TEMPLATE = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})


def escape(text: str) -> str:
    """Return HTML that shows `text` to the letter, safe between tags and inside quoted attributes.

    >>> escape('<b title="1">${x}</b>')
    '&lt;b title=&quot;1&quot;&gt;&#36;&#123;x&#125;&lt;/b&gt;'
    """
    return html.escape(text, quote=True).translate(_TEMPLATE)


def plain(markdown: str) -> str:
    r"""Return the words of `Answer.answer`: backslash escapes and entities undone, everything else left as it stands.

    >>> plain(r"1\. 用\*电 &lt;b&gt;")
    '1. 用*电 <b>'
    """
    return html.unescape(_MARKDOWN_ESCAPE.sub(r"\1", markdown))
