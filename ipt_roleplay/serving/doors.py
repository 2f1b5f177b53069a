"""What stands before every request: only this computer's own pages, only from browsers that were let in.

A page of another site that the learner has open must not be able to talk to this server (Host and Origin), and another account of the
same computer must not be able to read along (launch token). A browser that comes with the token gets its owner cookie and keeps it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ipt_roleplay.serving.seal import Seal

HOSTS = ("127.0.0.1", "localhost")
TOKEN = "token"  # noqa: S105 - the name of the address field
HEALTH = "/_stcore/health"
COOKIE_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie; every opened page begins it anew."""

_READING = ("GET", "HEAD", "OPTIONS")
_SHUT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not opened yet</title><style>:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; }}</style></head>
<body><h1>This browser has not been let in yet</h1>
<p>{why}</p>
<p>Open the address that was printed where the app was started; it ends in <b>?token=…</b>. Each browser needs it once.</p>
<p>If it worked here a moment ago: <a href="{here}">open this page again</a>.</p></body></html>"""
_WHY = "So that nobody else on this computer reads along, the app answers only browsers that came by its full address."

Call = Callable[[Message], Awaitable[None]]


def doors(seal: Seal) -> list[Middleware]:
    """The middleware of the web app, outermost first."""
    return [Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS)), Middleware(Doors, seal=seal)]


class Doors:
    """Lets in whom `seal` knows, and whoever brings the token."""

    def __init__(self, app: ASGIApp, seal: Seal) -> None:
        self._app, self._seal = app, seal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] not in ("http", "websocket") or scope["path"] == HEALTH:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        known = self._seal.owner(cookies) is not None
        if not _own_origin(scope, headers):
            await _refuse(scope, receive, send, "This was sent by another site's page, so it was not looked at.")
        elif scope["type"] == "http" and (token := dict(_query(scope)).get(TOKEN)) is not None and self._seal.admits(token):
            await self._let_in(scope, cookies if known else {})(scope, receive, send)
        elif not known:
            await _refuse(scope, receive, send, _WHY)
        else:
            await self._app(scope, receive, self._marked(scope, headers, cookies, send))

    def _let_in(self, scope: Scope, cookies: dict[str, str]) -> Response:
        """To the same page without the token, with a cookie; a browser that has one keeps it."""
        rest = urlencode([(name, value) for name, value in _query(scope) if name != TOKEN])
        answer = RedirectResponse(_path(scope) + (f"?{rest}" if rest else ""), status_code=303)
        answer.headers["set-cookie"] = self._cookie(cookies.get(self._seal.cookie) or self._seal.new_cookie())
        answer.headers["cache-control"] = "no-store"
        answer.headers["referrer-policy"] = "no-referrer"
        return answer

    def _marked(self, scope: Scope, headers: Headers, cookies: dict[str, str], send: Send) -> Call:
        """`send`, with what keeps pages out of other sites' frames; an opened page also begins the cookie's time anew."""
        opened = scope["type"] == "http" and headers.get("sec-fetch-mode") == "navigate"

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out["x-frame-options"] = "DENY"
                out["referrer-policy"] = "no-referrer"
                if opened:
                    out.append("set-cookie", self._cookie(cookies[self._seal.cookie]))
            await send(message)

        return marked

    def _cookie(self, value: str) -> str:
        return f"{self._seal.cookie}={value}; HttpOnly; Max-Age={COOKIE_SECONDS}; Path=/; SameSite=Strict"


def _own_origin(scope: Scope, headers: Headers) -> bool:
    """Whether what changes something (a POST, a websocket) comes from a page of this server itself."""
    if scope["type"] == "http" and scope["method"] in _READING:
        return True
    return headers.get("origin") in (f"http://{headers.get('host')}", f"https://{headers.get('host')}")


def _path(scope: Scope) -> str:
    """The asked path, fit for a link: never another site's address (`//elsewhere`)."""
    return "/" + quote(scope["path"].lstrip("/\\"))


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


async def _refuse(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008, reason="not let in")(scope, receive, send)
        return
    page = _SHUT.format(why=escape(why), here=escape(_path(scope)))
    await HTMLResponse(page, status_code=403, headers={"cache-control": "no-store"})(scope, receive, send)
