"""The one way text gets into HTML: everything that HTML or a page template could read as code becomes an entity."""

import html

# `${…}`, `{{…}}` and back-ticks are read by the page's template engine if they ever reach it unescaped.
_TEMPLATE = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})


def escape(text: str) -> str:
    """Return HTML that shows `text` to the letter, safe between tags and inside quoted attributes.

    >>> escape('<b title="1">${x}</b>')
    '&lt;b title=&quot;1&quot;&gt;&#36;&#123;x&#125;&lt;/b&gt;'
    """
    return html.escape(text, quote=True).translate(_TEMPLATE)
