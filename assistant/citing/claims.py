"""What a text says of a provision without quotation marks, compared with the provision."""

from dataclasses import dataclass

from assistant.citing.quotes import difference, fold_quote, stands_in
from assistant.schema import Content

MIN_CLAIM = 6  # folded characters; shorter ones (按规定执行) say nothing that could be compared


@dataclass(frozen=True, slots=True)
class ClaimMatch:
    """A claim compared with a provision.

    Attributes:
        content: NONE, VERBATIM, UNCHECKED or CONTRADICTED.
        reasons: in Chinese, one a contradiction; filled exactly where CONTRADICTED.
        similarity: in [0, 1], of the claim to the words of the provision nearest to it.
        expected: those words, a slice of the provision; "" where nothing comes near.
    """

    content: Content
    reasons: tuple[str, ...]
    similarity: float
    expected: str


def compare_claim(claim: str, provision: str) -> ClaimMatch:
    """Compare what is said about a provision with its text.

    >>> str(compare_claim("应当协调能源供应", "县级以上人民政府应当协调能源供应。").content)
    'verbatim'
    """
    if len(fold_quote(claim)) < MIN_CLAIM:
        return ClaimMatch(Content.NONE, (), 0.0, "")
    span = stands_in(claim, provision)
    if span is not None:
        return ClaimMatch(Content.VERBATIM, (), 1.0, provision[span[0] : span[1]])
    nearest = difference(claim, provision)
    return ClaimMatch(Content.UNCHECKED, (), nearest.similarity, nearest.expected)
