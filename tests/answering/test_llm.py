"""The client of a language model against a real server: order, retries, deadline, cancellation, and a key that stays."""

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from assistant.answering.llm import LlmError, OpenAICompatible, Why
from assistant.answering.prompts import Message
from assistant.errors import SettingsError
from assistant.settings import LlmSettings, load_settings
from tests.answering.scripted_llm import Drop, Fail, Hang, Raw, Redirect, Say, ScriptedLlm, Step

ASKED = (Message("system", "规则"), Message("user", "问题"))
SECRET = "sk-very-secret-0123456789"


def reply(server: ScriptedLlm, **settings: object) -> str:
    model = OpenAICompatible(server.settings(**settings), backoff_s=0.001)
    return "".join(model.stream(ASKED))


def test_pieces_come_in_order_and_the_request_says_what_was_asked() -> None:
    with ScriptedLlm([Say("一二三四五六七八九十", size=3)]) as server:
        model = OpenAICompatible(server.settings(max_tokens=77, api_key=SECRET))
        assert list(model.stream(ASKED)) == ["一二三", "四五六", "七八九", "十"]
    (request,) = server.requests
    assert request["messages"] == [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}]
    assert (request["model"], request["max_tokens"], request["stream"]) == ("scripted", 77, True)
    assert server.headers[0]["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_server_that_recovers_is_asked_again(status: int) -> None:
    with ScriptedLlm([Fail(status, retry_after="0"), Fail(status), Say("好了。")]) as server:
        assert reply(server, retries=2) == "好了。"
    assert len(server.requests) == 3


def test_retries_are_counted() -> None:
    with ScriptedLlm([Fail(500)]) as server, pytest.raises(LlmError) as failed:
        reply(server, retries=1)
    assert (failed.value.why, failed.value.retryable, len(server.requests)) == (Why.BUSY, True, 2)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Fail(401), Why.REFUSED),
        (Fail(403), Why.REFUSED),
        (Fail(404), Why.NOT_FOUND),
        (Fail(400), Why.REJECTED),
        (Raw(b"<html>no</html>", "text/html"), Why.BROKEN),
        (Raw(b"data: {nonsense\n\n"), Why.GARBLED),
        (Raw(b'data: {"choices": "x"}\n\n'), Why.GARBLED),
        (Raw(b'data: {"choices": [{"delta": {"content": 3}}]}\n\n'), Why.GARBLED),
        (Raw(b"\xff\xfe\x00data"), Why.GARBLED),
        (Raw(b""), Why.BROKEN),
        (Drop(), Why.BROKEN),
        (Drop("政府应当协调"), Why.BROKEN),
        (Redirect("http://127.0.0.1:9/v1"), Why.REJECTED),
    ],
)
def test_each_failure_is_one_line_of_chinese_without_the_key(step: Step, why: Why) -> None:
    with ScriptedLlm([step]) as server, pytest.raises(LlmError) as failed:
        reply(server, retries=0, api_key=SECRET)
    message = str(failed.value)
    assert failed.value.why is why, message
    assert message.startswith("语言模型（127.0.0.1）") and "\n" not in message
    assert SECRET not in message and failed.value.__cause__ is None and failed.value.__context__ is None


def test_what_has_begun_is_not_sent_again() -> None:
    with ScriptedLlm([Drop("政府应当协调"), Say("另一个回答")]) as server, pytest.raises(LlmError):
        reply(server, retries=2)
    assert len(server.requests) == 1


def test_a_closed_port_is_unreachable() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        settings = LlmSettings(base_url=f"http://127.0.0.1:{port}/v1", model="m", retries=1)
        with pytest.raises(LlmError) as failed:
            list(OpenAICompatible(settings, backoff_s=0.001).stream(ASKED))
    assert failed.value.why is Why.UNREACHABLE


@pytest.mark.parametrize("step", [Hang(), Hang("政府应当")])
def test_a_silent_server_is_left_at_the_deadline(step: Step) -> None:
    with ScriptedLlm([step]) as server, pytest.raises(LlmError) as failed:
        reply(server, timeout_s=0.3)
    assert failed.value.why is Why.TIMEOUT


@pytest.mark.parametrize("step", [Hang(), Hang("政府应当"), Fail(503, retry_after="20")])
def test_cancelling_leaves_at_once(step: Step) -> None:
    with ScriptedLlm([step]) as server:
        cancelled = threading.Event()
        model = OpenAICompatible(server.settings(timeout_s=600))

        def asked() -> bool:
            if server.requests:
                cancelled.set()
            return cancelled.is_set()

        with pytest.raises(LlmError) as failed:
            list(model.stream(ASKED, asked))
    assert failed.value.why is Why.CANCELLED


def test_a_reader_that_stops_closes_the_connection() -> None:
    with ScriptedLlm([Say("字" * 5_000, size=1)]) as server:
        pieces = OpenAICompatible(server.settings()).stream(ASKED)
        assert next(pieces) == "字"
        pieces.close()
        assert server.left.wait(20)


def test_an_endless_reply_is_cut() -> None:
    with ScriptedLlm([Say("字" * 30_000, size=1_000)]) as server:
        assert len(reply(server)) < 10_000


@pytest.fixture
def loud() -> Iterator[None]:
    names = ["", "openai", "httpx", "httpcore", "llama_index"]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_neither_key_nor_words_are_logged(caplog: pytest.LogCaptureFixture, loud: None) -> None:
    with ScriptedLlm([Fail(500), Say("模型写的话。")]) as server:
        settings = server.settings(api_key=SECRET)
        model = OpenAICompatible(settings, backoff_s=0.001)
        "".join(model.stream(ASKED))
    told = caplog.text + repr(model) + repr(settings) + str(vars(type(model)))
    assert SECRET not in told and "模型写的话" not in told and "问题" not in caplog.text


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8091/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8080/v1", True),
        ("https://api.example.cn/v1", False),
        ("http://10.0.0.5:8000/v1", False),
        ("http://127.0.0.1.example.cn/v1", False),
        ("http://localhost.example.cn/v1", False),
        ("http://0.0.0.0:8000/v1", False),
    ],
)
def test_loopback_is_judged_by_the_address_alone(address: str, local: bool) -> None:
    settings = LlmSettings(base_url=address, model="m")
    assert settings.loopback is local
    assert (OpenAICompatible(settings).sent_to == "") is local


@pytest.mark.parametrize(
    "address", ["127.0.0.1:80", "ftp://h/v1", "http://u:p@h/v1", "http://h/v1?key=1", "http://h:99999/v1", "http://"]
)
def test_an_address_that_is_none_is_refused_without_repeating_secrets(address: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(llm={"base_url": address, "model": "m"})
    assert "u:p" not in str(error.value) and "key=1" not in str(error.value)


def test_settings_come_from_the_file_and_the_key_from_the_environment(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yiju.toml").write_text('llm = {base_url = "http://127.0.0.1:1/v1", model = "m"}', encoding="utf-8")
    assert load_settings().llm == LlmSettings(base_url="http://127.0.0.1:1/v1", model="m")
    monkeypatch.setenv("YIJU_LLM__API_KEY", SECRET)
    monkeypatch.setenv("YIJU_LLM__MODEL", "other")
    settings = load_settings()
    assert settings.llm is not None and settings.llm.secret() == SECRET and settings.llm.model == "other"
    assert SECRET not in f"{settings!r}{settings}{settings.model_dump()}{settings.model_dump_json()}"


def test_a_key_in_the_file_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yiju.toml").write_text(f'[llm]\nbase_url = "http://h/v1"\nmodel = "m"\napi_key = "{SECRET}"')
    with pytest.raises(SettingsError, match="YIJU_LLM__API_KEY") as error:
        load_settings()
    assert SECRET not in f"{error.value}{error.value.__cause__}"


def test_another_variable_may_hold_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = LlmSettings(base_url="http://h/v1", model="m", api_key_env="DEEPSEEK_API_KEY")
    with pytest.raises(SettingsError, match="DEEPSEEK_API_KEY"):
        settings.secret()
    monkeypatch.setenv("DEEPSEEK_API_KEY", SECRET)
    assert settings.secret() == SECRET and SECRET not in repr(settings)
    monkeypatch.setenv("DEEPSEEK_API_KEY", "密钥")
    with pytest.raises(SettingsError, match="不能用的字符"):
        settings.secret()


def test_what_is_missing_is_said_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIJU_LLM__API_KEY", SECRET)
    with pytest.raises(SettingsError, match="缺少设置 llm") as error:
        load_settings()
    assert SECRET not in f"{error.value}{error.value.__cause__}"
    monkeypatch.setenv("YIJU_LARGE__X", "1")
    with pytest.raises(SettingsError, match="YIJU_LARGE__X"):
        load_settings()


def test_without_the_setting_nothing_of_the_client_is_imported() -> None:
    code = (
        "import sys, assistant.api, assistant.answering.generative;"
        "print([m for m in sys.modules if m.split('.')[0] == 'openai' or m.startswith('llama_index.llms')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_importing_the_client_opens_no_connection() -> None:
    code = (
        "import socket\n"
        "def refuse(*_):\n    raise SystemExit('a connection')\n"
        "socket.socket.connect = refuse\nsocket.getaddrinfo = refuse\n"
        "from llama_index.llms.openai_like import OpenAILike\n"
        "OpenAILike(model='m', api_base='http://127.0.0.1:9/v1', api_key='k', is_chat_model=True)\n"
        "print('none')"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "none\n"
