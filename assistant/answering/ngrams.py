"""Linear models over the character n-grams of a question: what its wording says that no single word does.

Two are shipped, each a text file of "n-gram, tab, weight" that can be read: `facts` (does it want a concrete fact that
rules do not hold: a number, a name, a form), `matters` (is it about matters of the founding documents at all). They
were fitted by `python -m eval.fit_ngrams` and know no embedder.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LENGTHS = (1, 2, 3)
BIAS = "(bias)"
THRESHOLD = "(threshold)"


@dataclass(frozen=True, slots=True)
class NgramModel:
    """score = bias + Σ weights of the distinct n-grams / √(their number + 1); from `threshold` on, it says yes."""

    bias: float
    threshold: float
    weights: Mapping[str, float]

    def score(self, text: str) -> float:
        """Return the score of a text in logits; n-grams the model has never seen say nothing."""
        known = [self.weights[gram] for gram in ngrams(text) if gram in self.weights]
        return self.bias + sum(known) / math.sqrt(len(known) + 1)

    def says_yes(self, text: str) -> bool:
        """Return whether the score reaches the threshold."""
        return self.score(text) >= self.threshold


def ngrams(text: str) -> set[str]:
    """Return the distinct n-grams of a text without its white space.

    >>> sorted(ngrams("几 折"))
    ['几', '几折', '折']
    """
    squeezed = "".join(text.split())
    return {squeezed[start : start + n] for n in LENGTHS for start in range(len(squeezed) - n + 1)}


@cache
def model(name: str) -> NgramModel:
    """Return the model in `data/ngrams_NAME.tsv`."""
    text = files("assistant.answering").joinpath(f"data/ngrams_{name}.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    weights = {gram: float(weight) for gram, weight in rows}
    return NgramModel(weights.pop(BIAS), weights.pop(THRESHOLD), weights)
