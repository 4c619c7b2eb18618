"""The page of a reader of the centre, for this machine only: a token opens it, nothing on it comes from elsewhere, nothing is cached.

Belongs here: who is let in, and what a request may be. Does not belong here: what a case shows and what an answer does (desk).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from padan.errors import InputRefused, PadanError
from padan.review.desk import Desk
from padan.review.readers import REASONS

LOOPBACK = "127.0.0.1"
COOKIE = "padan_pembaca"
ANSWER = ("kasus", "putusan", "alasan")
_BEFORE, _AFTER = "reviewer-", ".password"
#: Seconds that a wrong token costs: nobody guesses 120 bits, and nobody floods the log of tries.
WRONG_TOKEN_SECONDS = 1.0
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
_CLOSED = {"Cache-Control": "no-store", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Page:
    """The routes, over one desk. Sessions live in this process, so that stopping it closes every one."""

    def __init__(self, desk: Desk, keys: Path) -> None:
        self._desk, self._keys, self._lock = desk, keys, asyncio.Lock()
        self._sessions: dict[str, str] = {}
        self._html = Environment(autoescape=True, undefined=StrictUndefined).from_string(
            files("padan.review").joinpath("page.html.j2").read_text("utf-8")
        )

    def app(self) -> Starlette:
        """The application; it answers to this machine's own name only, whatever a foreign page makes a browser ask."""
        routes = [
            Route("/", self.show),
            Route("/masuk", self.enter, methods=["POST"]),
            Route("/kasus", self.case),
            Route("/putusan", self.answer, methods=["POST"]),
            Route("/batal", self.take_back, methods=["POST"]),
        ]
        return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])])

    async def show(self, request: Request) -> Response:
        """The page, or the form that asks for a token."""
        return self._page(self._reader(request), "")

    async def enter(self, request: Request) -> Response:
        """A token opens a session; a wrong one costs time."""
        token = (await request.body()).decode("utf-8", "replace").removeprefix("token=").strip()
        name = next((path.name for path in sorted(self._keys.glob(f"{_BEFORE}*{_AFTER}")) if _opens(path, token)), None)
        if name is None:
            await asyncio.sleep(WRONG_TOKEN_SECONDS)
            return self._page(None, "Token tidak dikenal.", 403)
        session = secrets.token_urlsafe(32)
        self._sessions[session] = name.removeprefix(_BEFORE).removesuffix(_AFTER)
        answer = RedirectResponse("/", 303, headers=_CLOSED)
        answer.set_cookie(COOKIE, session, httponly=True, samesite="strict")
        return answer

    async def case(self, request: Request) -> Response:
        """The next case of this reader."""
        return await self._told(request, lambda reader, _: self._desk.next_case(reader))

    async def answer(self, request: Request) -> Response:
        """An answer: kasus, putusan, alasan."""
        return await self._told(request, lambda reader, said: self._desk.answer(reader, *(said.get(part, "") for part in ANSWER)))

    async def take_back(self, request: Request) -> Response:
        """The last answer is taken back."""
        return await self._told(request, lambda reader, _: self._desk.take_back(reader))

    def _reader(self, request: Request) -> str | None:
        return self._sessions.get(request.cookies.get(COOKIE, ""))

    def _page(self, reader: str | None, wrong: str, status: int = 200) -> Response:
        nonce = secrets.token_urlsafe(16)
        html = self._html.render(reader=reader, wrong=wrong, reasons=REASONS, nonce=nonce)
        return HTMLResponse(html, status, headers={**_CLOSED, "Content-Security-Policy": _POLICY.format(nonce=nonce)})

    async def _told(self, request: Request, work: Callable[[str, dict[str, str]], dict[str, object]]) -> Response:
        """What the desk says, in JSON; a refusal in the words of its error, and of anything else only that it failed."""
        reader = self._reader(request)
        if reader is None:
            return JSONResponse({"salah": "Sesi berakhir. Masuk lagi."}, 401, headers=_CLOSED)
        try:
            said = await _said(request)
            async with self._lock:
                return JSONResponse(await run_in_threadpool(work, reader, said), headers=_CLOSED)
        except PadanError as error:
            return JSONResponse({"salah": str(error)}, 409, headers=_CLOSED)
        except Exception:  # noqa: BLE001 - a message of a library may quote a person's value
            return JSONResponse(
                {"salah": "Permintaan gagal. Muat ulang halaman: kasus yang masih tampil belum tercatat."}, 500, headers=_CLOSED
            )


async def _said(request: Request) -> dict[str, str]:
    """The body of a request: an object of texts, sent as JSON, which a form of a foreign page cannot send."""
    if request.method == "GET":
        return {}
    if request.headers.get("content-type", "") != "application/json":
        raise InputRefused("bukan_json", "permintaan tidak dikenal.", holds="Tidak ada yang dicatat.")
    said = await request.json()
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise InputRefused("bukan_json", "permintaan tidak dikenal.", holds="Tidak ada yang dicatat.")
    return said


def _opens(path: Path, token: str) -> bool:
    return hmac.compare_digest(path.read_text("utf-8").strip().encode(), token.encode())
