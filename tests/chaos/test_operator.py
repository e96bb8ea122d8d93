"""What an operator can get wrong at the start: one clear line, exit 2, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.demo.home import demo_environment
from bot.demo.telegram import Standin
from bot.init import create_home, create_key
from bot.settings import KEY_FILE_NAME
from tests.chaos.conftest import MakeBot
from tests.chaos.home import Home
from tests.chaos.lives import free_port, run_command

NEWER = "9999"


def one_line(written: str) -> str:
    """What the command said, if that was one line."""
    lines = written.splitlines()
    assert len(lines) == 1 and lines[0].startswith("firstsay: "), written
    return lines[0]


async def refused(home: Path, standin: Standin, **changed: str) -> str:
    """Run the bot; it must leave with exit code 2 and the one line that is given back."""
    variables = demo_environment(home, standin.token, standin.url)
    code, _out, written = await run_command(
        "run", variables=variables | {f"FIRSTSAY_{k}": v for k, v in changed.items()}
    )
    assert code == 2, written
    return one_line(written)


async def test_a_token_that_telegram_refuses(home: Home, standin: Standin) -> None:
    line = await refused(home.path, standin, TOKEN="7000000001:another")
    assert "Telegram refuses the token" in line and "another" not in line


async def test_a_token_that_telegram_refuses_in_the_middle(home: Home, standin: Standin, make_bot: MakeBot) -> None:
    bot = make_bot("polling")
    await bot.start()
    standin.token = "7000000001:changed"
    standin.updates.end_poll("")
    assert await bot.death(10) == 2
    assert "does not know this token" in one_line(bot.said())


async def test_no_token(home: Home, standin: Standin) -> None:
    assert "FIRSTSAY_TOKEN: is not set" in await refused(home.path, standin, TOKEN="")


async def test_no_home(tmp_path: Path, standin: Standin) -> None:
    assert "firstsay init" in await refused(tmp_path / "nowhere", standin)
    assert not (tmp_path / "nowhere").exists()


def take_away(key: Path) -> None:
    key.unlink()


def open_to_others(key: Path) -> None:
    key.chmod(0o644)


def spoil(key: Path) -> None:
    key.write_text("not a key\n")


def exchange(key: Path) -> None:
    key.unlink()
    create_key(key.parent)


HURTS: dict[Callable[[Path], None], str] = {
    take_away: "is not there; put it back",
    open_to_others: "chmod 600",
    spoil: KEY_FILE_NAME,
    exchange: "put the right one back",
}


async def test_a_key_file_that_cannot_be_used(home: Home, standin: Standin, make_bot: MakeBot, tmp_path: Path) -> None:
    bot, phone, key = make_bot("polling"), standin.person("Client", "en"), home.path / KEY_FILE_NAME
    home.admit(standin.person("Worker", "en", opened=True), [phone])
    await bot.start()
    assert await bot.stop() == 0
    safe = Path(shutil.copy2(key, tmp_path / "safe"))
    phone.send("/menu")
    for hurt, says in HURTS.items():
        hurt(key)
        assert says in await refused(home.path, standin)
        assert len(standin.updates.pending) == 1
        key.unlink(missing_ok=True)
        shutil.copy2(safe, key)
    await bot.start()
    await phone.sees("What would you like to do?")
    assert await bot.stop() == 0


async def test_a_database_newer_than_the_code(home: Home, standin: Standin) -> None:
    with closing(sqlite3.connect(home.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (NEWER,))
    line = await refused(home.path, standin)
    assert "written by a newer First Say" in line and NEWER in line
    with closing(sqlite3.connect(home.database)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (NEWER,)


async def test_a_file_that_is_no_database(tmp_path: Path, home: Home, standin: Standin) -> None:
    for left in home.path.glob("firstsay.db*"):
        left.unlink()
    home.database.write_bytes(b"these are not the bytes of a database\n" * 1000)
    assert "cannot be used" in await refused(home.path, standin)


async def test_a_second_run_on_the_same_home(home: Home, standin: Standin, make_bot: MakeBot) -> None:
    bot, phone = make_bot("polling"), standin.person("Client", "en")
    home.admit(standin.person("Worker", "en", opened=True), [phone])
    await bot.start()
    polls = standin.counts["getupdates"]
    assert "another firstsay run works in" in await refused(home.path, standin)
    assert standin.counts["getupdates"] == polls
    phone.send("/menu")
    await phone.sees("What would you like to do?")
    assert await bot.stop() == 0


async def test_somebody_else_polls_with_the_same_token(home: Home, standin: Standin, make_bot: MakeBot) -> None:
    bot, phone = make_bot("polling"), standin.person("Client", "en")
    home.admit(standin.person("Worker", "en", opened=True), [phone])
    await bot.start()
    phone.send("/menu")
    screen = await phone.sees("What would you like to do?")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{standin.url}/bot{standin.token}/getUpdates") as answer:
            assert answer.status == 200
        assert await bot.death(10) == 2
        assert "another process polls with this token" in one_line(bot.said())
        phone.tap(screen, "I need a person")
        async with session.get(f"{standin.url}/bot{standin.token}/getUpdates") as answer:
            assert len((await answer.json())["result"]) == 1
    await bot.start()
    await phone.sees("You can reach a person.")
    assert await bot.stop() == 0


async def test_an_address_that_is_taken(home: Home, standin: Standin) -> None:
    port = standin.url.rpartition(":")[2]
    line = await refused(
        home.path,
        standin,
        WEBHOOK_URL=f"http://127.0.0.1:{port}/in",
        WEBHOOK_SECRET="a-secret-of-the-webhook",
        LISTEN=f"127.0.0.1:{port}",
    )
    assert "FIRSTSAY_LISTEN" in line


async def test_an_address_that_telegram_does_not_take(home: Home, standin: Standin) -> None:
    line = await refused(
        home.path,
        standin,
        WEBHOOK_URL="http://bot.example.org/in",
        WEBHOOK_SECRET="a-secret-of-the-webhook",
        LISTEN=f"127.0.0.1:{free_port()}",
    )
    assert "FIRSTSAY_WEBHOOK_URL" in line


async def test_a_lead_invites_while_telegram_does_not_say_what_the_bot_is_called(
    home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    bot, phone = make_bot("polling"), standin.person("Lead", "en")
    await bot.start()
    assert await bot.stop() == 0
    asked = standin.counts["getme"]
    _code, printed, _written = await run_command("invite", "lead", "--json", variables=bot.variables)
    start = json.loads(printed)["start"]
    assert json.loads(printed)["link"] == f"https://t.me/first_say_bot?start={start}"
    assert standin.counts["getme"] == asked, "it knows from the start before"
    standin.fail("getMe", 502, body=b"<html>Bad Gateway</html>")
    await bot.start()
    assert standin.counts["getme"] > asked
    phone.start(start)
    phone.tap(await phone.sees("English"), "English")
    await phone.sees("Which name")
    phone.send("Lin")
    phone.tap(await phone.sees("Clients enrolled"), "Invite someone")
    phone.tap(await phone.sees("Who is the invitation for?"), "A caseworker")
    phone.tap(await phone.sees("https://t.me/first_say_bot?start="), "As a picture (QR)")
    picture = await phone.sees("For the camera of one phone. It works once.")
    assert picture.kind == "photo" and picture.file_id is not None
    assert standin.chats.files[picture.file_id].content.startswith(b"\x89PNG")
    phone.tap(await phone.sees("The picture is below."), "Done")
    await phone.sees("Clients enrolled")
    await phone.until(lambda phone: all(shown.kind != "photo" for shown in phone.messages))
    assert await bot.stop() == 0


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_telegram_that_is_not_there_yet(way: str, home: Home, standin: Standin, make_bot: MakeBot) -> None:
    bot, phone = make_bot(way), standin.person("Client", "en")
    home.admit(standin.person("Worker", "en", opened=True), [phone])
    for method in ("getMe", "setWebhook", "deleteWebhook", "getUpdates"):
        standin.fail(method, 502, body=b"<html>Bad Gateway</html>")
    phone.send("/menu")
    await bot.start()
    await phone.sees("What would you like to do?", timeout=10)
    assert await bot.stop() == 0


async def test_a_home_that_holds_nothing_but_a_key(tmp_path: Path, standin: Standin) -> None:
    create_home(tmp_path / "home")
    create_key(tmp_path / "home")
    assert "firstsay.toml: is not there" in await refused(tmp_path / "home", standin)
