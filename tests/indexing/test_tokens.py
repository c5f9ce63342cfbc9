from pathlib import Path

import pytest

from assistant.indexing.tokens import LexicalTokenizer, _domain_words


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> LexicalTokenizer:
    return LexicalTokenizer(tmp_path_factory.mktemp("jieba"))


@pytest.mark.parametrize(
    ("text", "some", "comment"),
    [
        ("产业承接地用地指标", {"产业承接地", "用地指标"}, "words of the domain list stay whole"),
        ("降低企业用电成本", {"降低", "企业", "成本"}, "common words"),
        ("ＡＩ产业２０２５年", {"ai", "2025"}, "full-width letters and digits are folded, case too"),
        ('"电费" OR 水费; DROP', {"电费", "水费", "or", "drop"}, "query syntax is only words"),
    ],
)
def test_words(tokenizer: LexicalTokenizer, text: str, some: set[str], comment: str) -> None:
    assert some <= set(tokenizer.words(text)), comment


def test_single_characters_and_punctuation_are_no_words(tokenizer: LexicalTokenizer) -> None:
    assert tokenizer.words("的，。；！？") == []


def test_bigrams_do_not_cross_punctuation() -> None:
    assert LexicalTokenizer.bigrams("水费，电") == ["水费", "电"]


def test_the_cache_lies_in_the_folder_it_was_given(tmp_path: Path) -> None:
    LexicalTokenizer(tmp_path).words("产业")
    assert (tmp_path / "jieba.cache").is_file()


def test_the_word_list_is_a_list_of_words() -> None:
    words = _domain_words()
    assert len(words) == len(set(words)) > 40
    assert all(2 <= len(word) <= 8 and word.isalnum() for word in words)


def test_words_are_remembered_and_stay_the_same(tokenizer: LexicalTokenizer) -> None:
    text = "县级以上人民政府应当依法保障产业承接载体的能源需求，" * 3 + "长" * 60
    first, second = tokenizer.words(text), tokenizer.words(text)
    cut = tokenizer._load()

    afresh = [word for run in text.split("，") for word in cut.__wrapped__(run)]
    assert first == second == afresh
    assert first is not second  # a caller may change what it got
