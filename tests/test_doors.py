from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from ipt_roleplay.serving.doors import doors
from ipt_roleplay.serving.seal import KEY_FILE, Seal, _kept_key, seal

HERE = "http://127.0.0.1:8501"
STREAM = "ws://127.0.0.1:8501/_stcore/stream"


async def inside(request: Request) -> PlainTextResponse:
    return PlainTextResponse("inside")


async def stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("inside")
    await socket.close()


@pytest.fixture
def key() -> Seal:
    return Seal(b"k" * 32)


@pytest.fixture
def app(key: Seal) -> Starlette:
    anything = Route("/{path:path}", inside, methods=["GET", "POST"])
    return Starlette(routes=[WebSocketRoute("/_stcore/stream", stream), anything], middleware=doors(key))


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE, follow_redirects=False) as made:
        yield made


def let_in(client: TestClient, key: Seal, more: str = "") -> str:
    client.get(f"/?token={key.token}{more}")
    return client.cookies[key.cookie]


def test_without_the_token_nobody_is_let_in_and_is_told_what_to_do(client: TestClient) -> None:
    for answer in (client.get("/"), client.get("/talks?token=wrong"), client.get("/_stcore/agent/interact"), client.get("/?token=")):
        assert answer.status_code == 403
        assert "Open the address that was printed where the app was started" in answer.text
        assert "set-cookie" not in answer.headers


def test_the_token_gives_a_cookie_that_scripts_cannot_read_and_leaves_the_address(client: TestClient, key: Seal) -> None:
    answer = client.get(f"/talk?id=7&token={key.token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/talk?id=7")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="))
    assert key.token not in cookie
    assert client.get("/talk?id=7").text == "inside"


def test_a_browser_keeps_its_cookie_when_it_comes_with_the_token_again(client: TestClient, key: Seal) -> None:
    first = let_in(client, key)
    assert let_in(client, key) == first
    opened = client.get("/", headers={"sec-fetch-mode": "navigate"})
    assert first in opened.headers["set-cookie"]


def test_every_browser_has_an_owner_of_its_own(app: Starlette, key: Seal) -> None:
    cookies = [let_in(TestClient(app, base_url=HERE, follow_redirects=False), key) for _ in range(3)]
    owners = {key.owner({key.cookie: cookie}) for cookie in cookies}
    assert len(owners) == 3
    assert None not in owners
    assert not any(owner and owner in "".join(cookies) for owner in owners)


@pytest.mark.parametrize("forged", ["", "x", "x.", ".x", "a.b.c", "{secret}.", "{secret}x.{signature}", "{secret}.{signature}0", "é.ü"])
def test_a_forged_cookie_has_no_owner(key: Seal, forged: str) -> None:
    secret, signature = key.new_cookie().split(".")
    assert key.owner({key.cookie: forged.format(secret=secret, signature=signature)}) is None


def test_a_cookie_of_another_data_folder_is_not_taken(client: TestClient, key: Seal) -> None:
    other = Seal(b"o" * 32)
    assert other.cookie != key.cookie
    client.cookies.set(key.cookie, other.new_cookie())
    assert client.get("/").status_code == 403


def test_another_host_name_is_not_answered(client: TestClient, key: Seal) -> None:
    let_in(client, key)
    for host in ("evil.example", "evil.example:8501", "127.0.0.1.evil.example"):
        assert client.get("/", headers={"host": host}).status_code == 400
    assert client.get("/", headers={"host": "localhost:8501"}).text == "inside"


def test_what_another_sites_page_sends_is_not_looked_at(client: TestClient, key: Seal) -> None:
    let_in(client, key)
    for origin in ({"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}, {}):
        assert client.post("/x", headers=origin).status_code == 403
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(STREAM, headers=origin):
            pass
    assert client.post("/x", headers={"origin": HERE}).text == "inside"
    with client.websocket_connect(STREAM, headers={"origin": HERE}) as socket:
        assert socket.receive_text() == "inside"


def test_a_websocket_without_the_cookie_is_refused(app: Starlette) -> None:
    stranger = TestClient(app, base_url=HERE)
    headers = {"origin": HERE}
    with pytest.raises(WebSocketDisconnect) as refused, stranger.websocket_connect(STREAM, headers=headers):
        pass
    assert refused.value.code == 1008


def test_the_token_never_leads_to_another_site(client: TestClient, key: Seal) -> None:
    for path in ("//evil.example/x", "/\\evil.example", "///evil.example"):
        where = client.get(f"{HERE}{path}?token={key.token}").headers["location"]
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))


def test_pages_are_kept_out_of_other_sites_frames(client: TestClient, key: Seal) -> None:
    let_in(client, key)
    assert client.get("/").headers["x-frame-options"] == "DENY"


def test_whether_it_runs_may_be_asked_by_anyone_on_this_computer(client: TestClient) -> None:
    assert client.get("/_stcore/health").text == "inside"
    assert client.get("/_stcore/health", headers={"host": "evil.example"}).status_code == 400


def test_the_key_survives_a_restart_and_is_for_the_owner_only(tmp_path: Path) -> None:
    first = Seal(_kept_key(tmp_path / "data" / KEY_FILE))
    cookie = first.new_cookie()
    again = Seal(_kept_key(tmp_path / "data" / KEY_FILE))
    assert again.token == first.token
    assert again.owner({again.cookie: cookie}) is not None
    assert stat.S_IMODE((tmp_path / "data" / KEY_FILE).stat().st_mode) == 0o600


def test_a_damaged_key_is_made_anew_and_an_unwritable_folder_gets_one_for_now(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("no key")
    assert len(_kept_key(tmp_path / KEY_FILE)) == 32
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert seal(blocked).token == seal(blocked).token
    assert blocked.read_text() == "not a folder"
