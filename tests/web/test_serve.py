import asyncio
import json
import logging
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.web.app import TITLE, build_app, page_options
from assistant.web.guard import LOOPBACK_NAMES, Guard, LoginWatch, host_name, is_loopback
from assistant.web.serve import (
    address,
    check_access,
    listen,
    main,
    make_server,
    not_a_farewell,
    private_folder,
    read_login,
)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_loopback_needs_no_login(host):
    assert is_loopback(host)
    assert check_access(Settings(host=host)) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "", "example.com", "127.0.0.1.example.com"])
def test_other_hosts_are_refused_without_a_login(host):
    assert not is_loopback(host)
    with pytest.raises(SettingsError, match="YIJU_LOGIN=用户名:密码") as refused:
        check_access(Settings(host=host))
    assert "\n" not in str(refused.value)


def test_other_hosts_are_served_with_a_login():
    settings = Settings(host="0.0.0.0", login=SecretStr("zhang:pass:word"))
    assert check_access(settings) == ("zhang", "pass:word")


@pytest.mark.parametrize("login", ["", ":", "zhang", "zhang:", ":password", " :password", "zhang:        "])
def test_malformed_login_is_refused_everywhere(login):
    for host in ("127.0.0.1", "0.0.0.0"):
        with pytest.raises(SettingsError, match="用户名:密码，两者都不能为空"):
            check_access(Settings(host=host, login=SecretStr(login)))


def test_short_password_is_refused_without_repeating_it():
    with pytest.raises(SettingsError, match="至少 8 个字符") as refused:
        read_login(SecretStr("zhang:geheim7"))
    assert "geheim7" not in str(refused.value)


def test_main_refuses_before_opening_anything(monkeypatch, capsys):
    monkeypatch.delenv("YIJU_LOGIN", raising=False)
    opened = []
    assert main(["--host", "0.0.0.0", "--port", "0"], opened.append) == 1
    assert opened == []
    error = capsys.readouterr().err
    assert error.startswith("错误：监听 0.0.0.0") and error.count("\n") == 1


def test_login_comes_from_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("YIJU_LOGIN", "no-colon")
    assert main(["--port", "0"], lambda settings: pytest.fail("opened")) == 1
    assert "YIJU_LOGIN 的写法不对" in capsys.readouterr().err


def test_taken_port_is_one_line():
    with listen(Settings(port=0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(SettingsError, match=f"--port {port + 1}"):
            listen(Settings(port=port))


def test_address_is_one_to_open():
    with listen(Settings(port=0)) as listener:
        assert address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
    with socket.create_server(("0.0.0.0", 0)) as everywhere:
        assert address(everywhere).startswith("http://127.0.0.1:")


def test_help_ends_with_an_example(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    last = capsys.readouterr().out.rstrip().split("\n")[-1]
    assert "python ui.py --host 0.0.0.0" in last


def test_private_folder_is_private_and_temporary():
    before = dict(os.environ)
    with private_folder() as folder:
        assert os.environ["GRADIO_TEMP_DIR"] == str(folder / "received")
        assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.parent == Path(tempfile.gettempdir())
    assert not folder.exists()
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("header", "name"),
    [("127.0.0.1:7860", "127.0.0.1"), ("LOCALHOST", "localhost"), ("[::1]:7860", "::1"), ("[::1]", "::1"), ("", "")],
)
def test_host_name(header, name):
    assert host_name(header) == name


def guarded(hosts):
    return TestClient(Guard(PlainTextResponse("page"), hosts=hosts), base_url="http://127.0.0.1:7860")


def test_guard_adds_a_policy_that_names_no_other_server():
    response = guarded(LOOPBACK_NAMES).get("/")
    assert response.text == "page"
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "connect-src 'self'" in policy
    assert "http" not in policy and "*" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:7860", "", "[::2]"])
def test_guard_refuses_foreign_names(host):
    response = guarded(LOOPBACK_NAMES).get("/", headers={"host": host})
    assert response.status_code == 421 and response.text != "page"


def test_guard_behind_a_login_takes_any_name():
    assert guarded(None).get("/", headers={"host": "yiju.gov.example"}).text == "page"


@pytest.mark.parametrize("path", ["/monitoring", "/monitoring/summary", "/gradio_api/runs", "/gradio_api/openapi.json"])
def test_guard_closes_pages_that_are_not_ours(path):
    assert guarded(LOOPBACK_NAMES).get(path).status_code == 404


@pytest.fixture
def client(assistant):
    with private_folder() as folder:
        server = make_server(assistant, Settings(), folder / "preview")
        with TestClient(server.config.app, base_url="http://127.0.0.1:7860") as client:
            yield client


def test_page_is_chinese_and_quiet(client):
    config = client.get("/config").json()
    assert config["title"] == TITLE
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert not any(event["api_visibility"] == "public" for event in config["dependencies"])


def test_page_loads_nothing_from_elsewhere(client):
    html = client.get("/").text
    theme = client.get("/theme.css").text
    assert "fonts.googleapis" not in html + theme and "@font-face" not in theme
    assert 'rel="icon"' in page_options()["head"]
    for outside in ('src="http', 'href="http', "url(http"):
        assert outside not in html.replace('content="http', "") and outside not in theme


def test_login_guards_the_page(assistant):
    with private_folder() as folder:
        server = make_server(assistant, Settings(), folder / "preview", ("zhang", "password1"))
        with TestClient(server.config.app, base_url="http://127.0.0.1:7860") as client:
            assert client.get("/config").status_code == 401
            assert client.post("/login", data={"username": "zhang", "password": "wrong"}).status_code == 400
            assert client.post("/login", data={"username": "zhang", "password": "password1"}).status_code == 200
            assert client.get("/config").status_code == 200
            for cookie in client.post("/login", data={"username": "zhang", "password": "password1"}).headers.get_list(
                "set-cookie"
            ):
                assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "none" not in cookie.lower()
            for _ in range(5):
                assert client.post("/login", data={"username": "zhang", "password": "wrong"}).status_code == 400
            refused = client.post("/login", data={"username": "zhang", "password": "password1"})
            assert refused.status_code == 429 and "60 秒后再试" in refused.json()["detail"]


def test_files_of_this_machine_are_not_served(client):
    assert client.get("/gradio_api/file=/etc/hostname").status_code in (403, 404)
    received = client.post("/gradio_api/upload", files={"files": ("a.txt", "第一条　内容。".encode())}).json()[0]
    assert client.get(f"/gradio_api/file={received}").status_code == 404


def run_event(client, name, data):
    """Send a page event the way the browser does and return what came of it."""
    events = client.get("/config").json()["dependencies"]
    number = next(event["id"] for event in events if event["api_name"] == name)
    joined = client.post("/gradio_api/queue/join", json={"fn_index": number, "data": data, "session_hash": name})
    if joined.status_code != 200:
        return joined
    stream = client.get("/gradio_api/queue/data", params={"session_hash": name}).text
    messages = [json.loads(line.removeprefix("data:")) for line in stream.splitlines() if line.startswith("data:")]
    return next(message for message in messages if message["msg"] == "process_completed")


def as_file(path):
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}}


def test_an_upload_is_previewed_and_a_file_of_this_machine_is_not(client, tmp_path, assistant):
    sent = client.post("/gradio_api/upload", files={"files": ("a.txt", "第一条　自己的。".encode())}).json()[0]
    own = run_event(client, "on_upload", [as_file(sent), None])
    assert own["success"] and "自己的" in json.dumps(own, ensure_ascii=False)
    secret = tmp_path / "secret.txt"
    secret.write_text("第一条　别人的。", encoding="utf-8")
    refused = run_event(client, "on_upload", [as_file(secret), None])
    assert not refused["success"] and "别人的" not in json.dumps(refused, ensure_ascii=False)
    asked = run_event(client, "on_ask", [as_file(secret), "不限", "", ""])
    assert not asked["success"]
    assert len(assistant.previewed) == 1 and assistant.asked == []


@pytest.mark.parametrize("name", ["on_upload", "on_ask"])
def test_a_file_of_the_network_is_not_fetched(client, name):
    refused = run_event(client, name, [as_file("http://evil.example/a.txt"), None, "", ""])
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("path", "chars", "refused"),
    [
        ("/gradio_api/queue/join", 2_000_001, True),  # six bytes over: three for each character
        ("/gradio_api/queue/join", 1_900_000, False),
        ("/gradio_api/cancel", 334_000, True),
    ],
)
def test_a_long_body_is_refused(client, path, chars, refused):
    body = json.dumps({"fn_index": 0, "session_hash": "long", "data": ["字" * chars]}, ensure_ascii=False).encode()
    response = client.post(path, content=body, headers={"content-type": "application/json"})
    assert (response.status_code == 413) is refused


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin", "origin": "https://proxy.example"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "http://127.0.0.1:7860"}, False),
        ({"origin": "http://127.0.0.1:9999"}, True),
        ({"origin": "http://evil.example"}, True),
        ({"origin": "null"}, True),
    ],
)
def test_what_another_site_sends_is_refused(headers, foreign):
    client = guarded(LOOPBACK_NAMES)
    assert client.post("/gradio_api/upload", headers=headers).status_code == (403 if foreign else 200)
    assert client.get("/", headers=headers).status_code == 200  # a link to this page is welcome


def test_guessing_passwords_is_slow():
    now = [0.0]
    watch = LoginWatch(lambda: now[0])
    for _ in range(5):
        assert not watch.must_wait("a")
        watch.note("a", right=False)
    assert watch.must_wait("a") and not watch.must_wait("b")
    now[0] = 61.0
    assert not watch.must_wait("a")
    watch.note("a", right=False)
    watch.note("a", right=True)
    for _ in range(4):
        watch.note("a", right=False)
    assert not watch.must_wait("a")


def test_build_app_starts_nothing(assistant, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    assert build_app(assistant, Settings()).title == TITLE


def test_an_open_page_is_no_error_when_the_server_stops():
    def said(message, error=None):
        record = logging.LogRecord(
            "uvicorn.error", logging.ERROR, "", 0, message, (), error and (type(error), error, None)
        )
        return not_a_farewell(record)

    assert not said("Cancel 2 running task(s), timeout graceful shutdown exceeded")
    assert not said("Exception in ASGI application", asyncio.CancelledError("Task cancelled"))
    assert said("Exception in ASGI application", RuntimeError("unforeseen"))


def test_a_stopped_page_leaves_nothing_behind(tmp_path):
    root = Path(__file__).parents[2]
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from types import SimpleNamespace; from assistant.web.serve import main;"
        "sys.exit(main(['--port', '0'], lambda settings: SimpleNamespace(settings=settings)))"
    )
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    page = subprocess.Popen(
        [sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True, env=environment, cwd=tmp_path
    )
    giving_up = threading.Timer(60, page.kill)  # a page that says nothing, or does not stop, fails and holds nobody
    giving_up.start()
    with page:
        assert re.search(r"http://127\.0\.0\.1:\d+ ", page.stdout.readline())
        assert len(list(tmp_path.glob("yiju-*"))) == 1
        page.terminate()
        assert page.wait(20) == 0
    giving_up.cancel()
    assert list(tmp_path.glob("yiju-*")) == []
