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
        ("port = ", "yiju.toml 不是有效的 TOML"),
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
