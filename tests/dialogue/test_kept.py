"""What a client said in check-ins is theirs: to see, to take along, and to have erased."""

from __future__ import annotations

import pytest

from bot import mine
from conversations.instruments import NEEDS
from tests.dialogue.checking import ask, come_in, put_first, say_factors, tick, turn_of
from tests.dialogue.stories import join
from tests.player import Phone, Stage
from translations.wording import word


@pytest.fixture
def client(stage: Stage) -> Phone:
    """A client who put something first and has done a check-in that a round asked for, then declined another one."""
    join(stage, name="Aye")
    client = put_first(come_in(stage).tap("Open"), {"debt": ""}).tap("Close")
    stage.wait(days=15)
    ask(stage)
    say_factors(client.tap("Open", on=client.standing("ask")[0]).tap("Start"), ["Home", "Family"])
    client.tap("Getting better").tap("Skip")
    tick(client.tap("Leave them out"), "Papers").tap("Yes").tap("Partly").tap("Skip").tap("No").tap("Stronger")
    client.tap("Yes, I will write it").send("a word of my own").tap("No, just note it")
    stage.wait(days=30)
    ask(stage, "needs")
    client.tap("Open", on=client.standing("ask")[0]).tap("Not now")
    return client


def sections_of(stage: Stage, client: Phone) -> dict[str, list[str]]:
    """What is kept, as the file has it."""
    found = mine.read(turn_of(stage), stage.person(client), {})
    return {section.code: [word(entry.words, "en") for entry in section.lines] for section in found["sections"]}


def test_every_answer_is_told_as_it_was_asked(stage: Stage, client: Phone) -> None:
    day = "Tuesday 17 November · "
    lines = sections_of(stage, client)["checkins"]
    assert all(line.startswith(day) for line in lines)
    assert [line.removeprefix(day) for line in lines] == [
        "What helped you lately? Family, Home",
        "What helped you lately? First: Home",
        "Which part of life did it touch? skipped",
        "What made things harder? none of them",
        "Did any of these make things harder? none of them",
        "Paying back debts. You put this first. How is it now? Getting better",
        "Paying back debts. Did we help with this? skipped",
        "Which of these have you had help with lately? Papers",
        "Papers. Was this what you wanted? Yes",
        "Papers. Did people treat you with respect? Partly",
        "Papers. Were you free to say no? skipped",
        "Papers. Were you asked to tell your story again when you did not want to? No",
        "Papers. Since then, do you feel … Stronger",
        "Is there anything you want us to do? Yes, I will write it",
        "What would you like us to do? “a word of my own”",
        "Is there anything you want us to do? Contact: just noted",
    ]


def test_the_needs_stay_in_their_own_place(stage: Stage, client: Phone) -> None:
    labels = tuple(item.label.wordings["en"] for item in NEEDS.items)
    lines = [line.partition(" · ")[2] for line in sections_of(stage, client)["needs"]]
    assert len(lines) >= len(labels)
    assert [line for line in lines if not line.startswith(labels)] == []


def test_when_something_was_asked_is_kept_too(stage: Stage, client: Phone) -> None:
    assert sections_of(stage, client)["asked"] == [
        "Thursday 17 December · How much does this matter for you now?: not now",
        "Tuesday 17 November · How things are: answered",
    ]


def test_it_stands_on_the_screen_and_in_the_file(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("See what is kept").tap("How things are for me")
    assert "What helped you lately? Family, Home" in client.text
    file = mine.make(mine.read(turn_of(stage), stage.person(client), {})).content.decode()
    for said in ("Did people treat you with respect? Partly", "a word of my own", "How things are: answered"):
        assert said in file


def test_with_a_client_all_of_it_is_erased(stage: Stage, client: Phone) -> None:
    other = come_in(stage)
    ask(stage)
    other.tap("Open").tap("Not now")
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    assert stage.count("responses") == 0
    assert stage.count("sittings") == 0
    left = {row["person_id"] for row in stage.rows("SELECT person_id FROM askings")}
    assert left == {stage.person(other).id}
