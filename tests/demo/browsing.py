"""A real browser for the demo's page, and the stage on which the tests themselves play the bot."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Locator, Page, Request, expect

from bot.demo.chats import Phone
from bot.demo.feed import Feed
from bot.demo.keeper import CommandError
from bot.demo.telegram import Standin

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ALONE = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
)
SIZES = [pytest.param((1440, 900), id="1440"), pytest.param((390, 844), id="390")]
NO_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")


async def find_barriers(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it stands (https://dequeuniversity.com/rules/axe)."""
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found if one["impact"] in ("serious", "critical")]


class Stage:
    """A page with its server, and the hand that plays the bot."""

    def __init__(self, standin: Standin, page: Page, feed: Feed) -> None:
        self.standin = standin
        self.page = page
        self.feed = feed
        self.troubles: list[str] = []
        self.invited: list[str] = []
        self.refuse: str | None = None
        self.stored: dict[str, Any] = {"tables": [], "erased": []}
        """What the page is shown of the store."""
        self._offset = 0

    def watch(self, url: str) -> None:
        """Keep whatever the browser complains of, and every request that leaves this server."""

        def note(line: ConsoleMessage) -> None:
            if line.type in ("error", "warning"):
                self.troubles.append(line.text)

        def look(asked: Request) -> None:
            if not asked.url.startswith((url, f"blob:{url}")):
                self.troubles.append(asked.url)

        self.page.on("console", note)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", look)

    async def invite(self, role: str) -> str:
        if self.refuse:
            raise CommandError(self.refuse)
        self.invited.append(role)
        return f"{role}-link"

    def routes(self) -> list[web.RouteDef]:
        """What stands for the demo's window and for the others."""

        async def show(request: web.Request) -> web.Response:
            return web.json_response({**self.stored, "key": "key" in request.query})

        async def tell_role(request: web.Request) -> web.Response:
            return web.json_response({"role": request.match_info["start"].partition("-")[0]})

        async def let_in(_request: web.Request) -> web.Response:
            if self.refuse:
                return web.json_response({"error": self.refuse}, status=409)
            self.invited.append("others")
            return web.json_response({})

        return [
            web.get("/demo/store", show),
            web.get("/demo/link/{start}", tell_role),
            web.post("/demo/others", let_in),
        ]

    def on(self, role: str, selector: str = "", number: int = 0) -> Locator:
        return self.page.locator(f".phone[data-role={role}]").nth(number).locator(selector)

    async def open(self, role: str, number: int = 0) -> Phone:
        """Enrol somebody by the big button, and give the phone as Telegram has it."""
        before = len(self.feed.held)
        await self.on(role, "button.open", number).click()
        await expect(self.on(role, ".row.out", number)).to_have_count(1)
        return self.feed.held[before].phone

    async def bot(self, method: str, phone: Phone, **values: Any) -> Any:
        """What the bot does; gives the result."""
        answer = await self.standin.execute(method, {"chat_id": phone.chat_id, **values})
        assert answer["ok"], answer
        return answer["result"]

    async def ask(self, phone: Phone, text: str, *labels: str, **values: Any) -> int:
        """The bot asks something with one button in each row; gives the message's id."""
        sent = await self.bot("sendMessage", phone, text=text, reply_markup=keys(*labels), **values)
        return int(sent["message_id"])

    async def next_tap(self) -> str:
        """Wait as a bot does until somebody taps; gives the query's id."""
        async with asyncio.timeout(5):
            while True:
                asked = {"offset": self._offset, "timeout": 5, "limit": 1}
                for update in (await self.standin.execute("getUpdates", asked))["result"]:
                    self._offset = update["update_id"] + 1
                    if "callback_query" in update:
                        return str(update["callback_query"]["id"])

    async def is_too_wide(self) -> bool:
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def keys(*labels: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": f"tapped.{label[:20]}"}] for label in labels]}
