from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import load_settings


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_then_toml_then_environment_then_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().port == 7860
    (tmp_path / "yiju.toml").write_text("port = 1001\n", encoding="utf-8")
    assert load_settings().port == 1001
    monkeypatch.setenv("YIJU_PORT", "1002")
    assert load_settings().port == 1002
    assert load_settings(port=1003).port == 1003
    assert load_settings(port=None).port == 1002  # an option that was not given


def test_a_variable_that_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIJU_INDEX", "")
    assert load_settings().index == Path(".yiju/index")  # not the working directory


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("prot = 1", "设置 prot 不存在；可用的设置：.*port"),
        ("port = 70000", "设置 port 的值无效"),
        ('embedder = "gpt"', "设置 embedder 的值无效"),
        (
            'reranker = "on"',
            "设置 reranker 的值无效：“on”不是重排模型；可以写 off、sentence-transformers:模型文件夹 或 sentence-",
        ),
        ('reranker = "sentence-transformers:"', "“sentence-transformers:”不是重排模型"),
        ("port = ", "yiju.toml 不是有效的 TOML"),
        (
            'vectors = "faiss"',
            "设置 vectors 的值无效：“faiss”不是向量库；可以写 chroma、chroma:http://主机:端口、milvus:",
        ),
        ('vectors = "milvus"', "设置 vectors 的值无效：“milvus”不是向量库"),
        ('vectors = "chroma:8000"', "不是向量库"),
        ('vectors = "chroma:vectors.db"', "不是向量库"),
        ('vectors = "milvus:ftp://host/x.db"', "不是向量库"),
        ('vectors = "milvus:http://host:19530/x"', "不是向量库"),
        ('vectors = "milvus:http://host:port"', "不是向量库"),
        ('vectors = "milvus:http://host:99999"', "不是向量库"),
        ('vectors = "chroma:http://:8000"', "不是向量库"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, toml: str, message: str) -> None:
    (tmp_path / "yiju.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_settings()


def test_a_login_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIJU_LOGIN", "operator:long-secret")
    settings = load_settings()
    assert "long-secret" not in repr(settings)
    assert settings.login is not None
    assert settings.login.get_secret_value() == "operator:long-secret"


@pytest.mark.parametrize(
    "vectors",
    [
        "chroma",
        "chroma:http://127.0.0.1:8000",
        "chroma:https://vectors.example",
        "milvus:http://milvus-1.lan:19530",
        "milvus:data/vectors.db",
    ],
)
def test_vector_stores_that_are_accepted(vectors: str) -> None:
    assert load_settings(vectors=vectors).vectors == vectors
    assert load_settings(vectors=f"{vectors}/" if "http" in vectors else vectors).vectors == vectors


def test_a_token_is_not_printed_and_a_password_in_an_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIJU_VECTORS_TOKEN", "long-secret")
    assert "long-secret" not in repr(load_settings())
    with pytest.raises(SettingsError, match="请改用环境变量 YIJU_VECTORS_TOKEN") as error:
        load_settings(vectors="chroma:http://root:long-secret@host:8000")
    assert "long-secret" not in str(error.value)


def test_the_cache_of_benchmarks_is_no_setting_and_no_mistake(monkeypatch):
    monkeypatch.setenv("YIJU_CACHE", "somewhere")
    assert load_settings().corpus == Path("corpus")
