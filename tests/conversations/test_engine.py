"""The engine's rules, each on the smallest script that shows it."""

from __future__ import annotations

import pytest

from conversations import engine
from conversations.engine import Back, Given, Log, Rest, ScriptError, advance
from conversations.questions import act, look, own_words, record, say
from conversations.script import Do, Ending, Json, Look, Option, Said, Say, Script, Status, Then
from conversations.text import Verbatim, _
from tests.conversations.playing import YES_NO, Playing, Start, ask, asking


@pytest.fixture(autouse=True, params=[False, True], ids=["from the top", "kept"])
def keeps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule holds for a script that is played anew and for one that was kept where it rests."""
    monkeypatch.setattr(Playing, "keeps", request.param)


def nothing(step: Look | Do, number: int) -> Json:
    return None


# --- the log -------------------------------------------------------------------------------------------------


def test_a_script_rests_at_each_question_and_ends_after_the_last() -> None:
    playing = Playing(asking("a", "b"))
    assert playing.at == "a"
    assert playing.answer("yes").at == "b"
    assert playing.answer("no").at is None


def test_the_same_key_asked_again_is_another_question() -> None:
    def script() -> Script[Ending]:
        first = yield from ask("again")
        second = yield from ask("again")
        return Then(f"{first}, then {second}")

    playing = Playing(script).answer("yes")
    assert playing.rest.address == ("again", 1)
    assert playing.answer("no").rest.ending == Then("yes, then no")


def test_a_log_that_went_through_json_is_the_same_log() -> None:
    playing = Playing(asking("a", "b")).answer("yes").skip()
    assert Log.from_json(playing.log.to_json()) == playing.log
    assert playing.log.entries[("b", 0)].value["status"] == "skipped"


def test_an_inserted_question_is_asked_and_then_the_client_is_back_where_they_were() -> None:
    playing = Playing(asking("a", "b", "c", "d")).answer("yes").answer("yes")
    assert playing.at == "c"
    assert playing.release(asking("a", "new", "b", "c", "d")).at == "new"
    assert playing.answer("no").at == "c"
    assert playing.acts == ["a.kept", "b.kept", "new.kept"]


def test_a_removed_question_is_passed_over_and_asked_again_once_it_is_back() -> None:
    playing = Playing(asking("a", "b", "c")).answer("yes").answer("yes")
    assert playing.release(asking("a", "c")).at == "c"
    assert ("b", 0) in playing.log.entries, "what is not visited stays"
    assert playing.release(asking("a", "b", "c", "d")).at == "c", "and counts again where it is visited again"


def test_reordered_questions_keep_their_answers() -> None:
    playing = Playing(asking("a", "b", "c", "d")).answer("yes").answer("no")
    playing.release(asking("d", "b", "c", "a"))
    assert playing.at == "d"
    assert playing.answer("yes").at == "c"
    assert playing.answer("yes").at is None
    assert sorted(playing.acts) == ["a.kept", "b.kept", "c.kept", "d.kept"]


def test_an_answer_that_no_longer_decodes_counts_as_not_given() -> None:
    def narrower() -> Script[Ending]:
        yield from ask("a", options=YES_NO[:1])
        yield from ask("b")
        return None

    playing = Playing(asking("a", "b", "c")).answer("no").answer("yes")
    assert playing.release(narrower).at == "a"
    assert playing.answer("yes").at is None, "the answer behind it still stands"


def test_an_answer_to_a_live_screen_stands_whatever_is_there_now() -> None:
    def script() -> Script[Ending]:
        offered = yield from look("offered", "offered", live=True)
        first = yield from ask("a", options=tuple(Option(code, Verbatim(code)) for code in offered), live=True)
        yield from act("act", first)
        second = yield from ask("b")
        return Then(f"{first} {second}")

    playing = Playing(script, world={"offered": ["take back", "close"]}).answer("take back")
    playing.world["offered"] = []
    assert playing.redraw().at == "b"
    assert playing.answer("yes").rest.ending == Then("take back yes")
    assert playing.acts == ["act"]


def test_a_step_that_changed_its_nature_is_not_taken_for_the_old_one() -> None:
    def recorded() -> Script[Ending]:
        yield from record("a", "a")
        return None

    playing = Playing(asking("a", "b")).answer("yes").release(recorded)
    assert playing.at is None
    assert playing.acts == ["a.kept", "a"]


def test_an_answer_to_a_question_that_is_gone_is_kept_and_asks_what_is_there_now() -> None:
    playing = Playing(asking("a", "b"))
    playing.script = asking("b")
    assert playing.answer("yes").at == "b", "the tap was on the old screen"
    assert playing.log.entries[("a", 0)].value["value"] == "yes"


# --- doing and looking ---------------------------------------------------------------------------------------


def test_what_is_done_is_done_once_however_often_the_script_is_played() -> None:
    playing = Playing(asking("a", "b", "c")).answer("yes").redraw().redraw().answer("yes").redraw()
    assert playing.acts == ["a.kept", "b.kept"]


def test_what_came_back_from_doing_is_what_comes_back_on_every_run() -> None:
    def script() -> Script[Ending]:
        yield from ask("a")
        result = yield from act("claim", "claim")
        yield from ask(f"b.{result}")
        return Then(result)

    playing = Playing(script, world={"claim": "won"}).answer("yes")
    playing.world["claim"] = "lost"
    assert playing.redraw().at == "b.won"
    assert playing.answer("yes").rest.ending == Then("won")


def test_a_look_is_logged_and_a_live_look_is_not() -> None:
    def script() -> Script[Ending]:
        then = yield from look("then", "query")
        now = yield from look("now", "query", live=True)
        yield from ask(f"{then}.{now}")
        yield from ask("end")
        return None

    playing = Playing(script, world={"then": 1, "now": 1})
    assert playing.at == "1.1"
    playing.world.update(then=2, now=2)
    assert playing.redraw().at == "1.2"
    assert list(playing.log.entries) == [("then", 0)]


def test_what_was_looked_at_live_is_looked_at_again_after_every_answer() -> None:
    def script() -> Script[Ending]:
        now = yield from look("now", "query", live=True)
        yield from ask("a")
        yield from ask(f"b.{now}")
        return None

    playing = Playing(script, world={"now": "open"})
    playing.world["now"] = "closed"
    assert playing.answer("yes").at == "b.closed"


def test_each_thing_done_has_a_number_of_its_own_that_is_higher_than_any_before() -> None:
    playing = Playing(asking("a", "b")).answer("yes").back().answer("no").answer("yes")
    numbers = [number for _key, number in playing.done]
    assert numbers == sorted(set(numbers))


def test_what_is_said_before_an_answered_question_is_not_said_again() -> None:
    def script() -> Script[Ending]:
        yield from say(_("first"))
        yield from ask("a")
        yield from say(_("second"))
        yield from say(_("third"))
        yield from ask("b")
        yield from say(_("last"))
        return None

    playing = Playing(script)
    assert playing.said == ["first"]
    assert playing.answer("yes").said == ["second", "third"]
    assert playing.answer("yes").said == ["last"]


# --- Back ----------------------------------------------------------------------------------------------------


def test_back_reopens_the_last_answer_and_the_newer_one_counts() -> None:
    def script() -> Script[Ending]:
        first = yield from ask("a")
        yield from record("a.kept", first)
        second = yield from ask("b")
        return Then(f"{first} {second}")

    playing = Playing(script)
    assert not playing.rest.can_go_back
    playing.answer("yes")
    assert playing.rest.can_go_back
    assert playing.back().at == "a"
    assert not playing.rest.can_go_back
    assert playing.answer("no").answer("yes").rest.ending == Then("no yes")
    assert playing.acts == ["a.kept", "a.kept"], "both stand in the history"


def test_back_drops_what_depended_on_the_answer() -> None:
    def script() -> Script[Ending]:
        first = yield from ask("a")
        seen = yield from look("seen", first)
        yield from record("kept", seen)
        yield from ask("b")
        return None

    playing = Playing(script, world={"seen": 1}).answer("yes").back().answer("yes")
    assert playing.looked == ["seen", "seen"]
    assert playing.acts == ["kept", "kept"]


def test_back_twice_goes_back_two_questions() -> None:
    playing = Playing(asking("a", "b", "c")).answer("yes").answer("yes")
    assert playing.back().at == "b"
    assert playing.back().at == "a"
    assert playing.back().at == "a", "and no further than the first"


def test_a_skipped_question_can_be_gone_back_to() -> None:
    assert Playing(asking("a", "b")).skip().back().at == "a"


def test_back_stops_at_a_final_act() -> None:
    def script() -> Script[Ending]:
        yield from ask("a")
        yield from act("alert", "alert")
        yield from ask("b")
        yield from ask("c")
        return None

    playing = Playing(script).answer("yes")
    assert not playing.rest.can_go_back
    assert playing.back().at == "b"
    assert playing.answer("yes").back().at == "b"
    assert playing.back().at == "b"
    assert playing.acts == ["alert"]


def test_back_never_reopens_a_firm_question() -> None:
    def script() -> Script[Ending]:
        yield from ask("loose")
        yield from ask("firm", firm=True)
        yield from ask("a")
        yield from ask("b")
        return None

    playing = Playing(script).answer("yes")
    assert not playing.rest.can_go_back, "from a firm question one does not go back either"
    playing.answer("yes")
    assert not playing.rest.can_go_back
    assert playing.answer("yes").back().at == "a"
    assert playing.back().at == "a"


def test_a_question_without_back_does_not_go_back() -> None:
    def script() -> Script[Ending]:
        yield from ask("a")
        yield from ask("b", back=False)
        return None

    playing = Playing(script).answer("yes")
    assert not playing.rest.can_go_back
    assert playing.back().at == "b"


def test_the_number_grows_with_every_answer_and_also_with_back_and_releases() -> None:
    playing = Playing(asking("a", "b", "c"))
    numbers = [playing.log.number]
    for move in ("yes", "back", "no", "release", "yes", "yes", "back"):
        if move == "release":
            playing.release(asking("new", "a", "b", "c"))
            continue
        playing.back() if move == "back" else playing.answer(move)
        numbers.append(playing.log.number)
    assert numbers == sorted(set(numbers))


# --- final acts and releases ---------------------------------------------------------------------------------


def with_final_act(*before: str, then: tuple[str, ...] = ()) -> Start:
    def script() -> Script[Ending]:
        for key in before:
            yield from ask(key)
        result = yield from act("alert", "alert")
        for key in then:
            yield from ask(key)
        return Then("sent" if result else "not sent")

    return script


def test_a_final_act_happens_in_normal_play() -> None:
    playing = Playing(with_final_act("a", then=("b",)), world={"alert": 1})
    assert playing.acts == []
    assert playing.answer("yes").acts == ["alert"]
    assert playing.answer("yes").rest.ending == Then("sent")
    assert playing.acts == ["alert"]


def test_a_final_act_at_the_very_beginning_happens_at_once_and_once() -> None:
    playing = Playing(with_final_act(then=("a",)), world={"alert": 1})
    assert playing.acts == ["alert"]
    assert playing.redraw().acts == ["alert"]


def test_a_final_act_that_a_release_put_before_answered_questions_is_never_filled_in() -> None:
    playing = Playing(asking("a", "b", "c"), world={"alert": 1}).answer("yes").answer("yes")
    playing.release(with_final_act("a", then=("b", "c", "d")))
    assert playing.at == "c"
    assert playing.answer("yes").at == "d"
    assert playing.answer("yes").rest.ending == Then("not sent")
    assert "alert" not in playing.acts


def test_a_final_act_that_a_release_put_right_before_the_open_question_is_never_filled_in() -> None:
    playing = Playing(asking("a", "b"), world={"alert": 1}).answer("yes")
    playing.release(with_final_act("a", then=("b",)))
    assert playing.answer("yes").rest.ending == Then("not sent")
    assert "alert" not in playing.acts


def test_a_final_act_that_a_release_put_after_the_open_question_happens() -> None:
    playing = Playing(asking("a", "b"), world={"alert": 1}).answer("yes")
    playing.release(with_final_act("a", "b"))
    assert playing.answer("yes").rest.ending == Then("sent")
    assert playing.acts.count("alert") == 1


def test_a_final_act_that_was_passed_over_stays_so_when_the_screen_is_drawn_again() -> None:
    playing = Playing(asking("a", "b", "c")).answer("yes").answer("yes")
    playing.release(with_final_act("a", then=("b", "c"))).redraw().answer("yes")
    assert "alert" not in playing.acts
    assert not playing.rest.can_go_back


def test_a_final_act_that_a_release_put_first_does_not_happen_when_the_first_screen_is_drawn_again() -> None:
    playing = Playing(asking("a"), world={"alert": 1}).release(with_final_act(then=("a",)))
    assert playing.redraw().acts == []
    assert playing.answer("yes").rest.ending == Then("not sent")


@pytest.mark.parametrize("live", [True, False])
def test_a_look_behind_a_new_final_act_does_not_hide_the_answers_behind_it(live: bool) -> None:
    def script() -> Script[Ending]:
        yield from ask("a")
        yield from act("alert", "alert")
        yield from look("around", "around", live=live)
        yield from ask("b")
        yield from ask("c")
        return None

    playing = Playing(asking("a", "b", "c")).answer("yes")
    playing.script = script
    assert playing.answer("yes").at == "c"
    assert "alert" not in playing.acts


def test_something_to_record_behind_a_new_final_act_does_not_hide_the_answers_behind_it() -> None:
    def script() -> Script[Ending]:
        yield from ask("a")
        yield from act("alert", "alert")
        yield from record("noted", "note")
        yield from ask("b")
        yield from ask("c")
        return None

    playing = Playing(asking("a", "b", "c")).answer("yes")
    playing.script = script
    assert playing.answer("yes").at == "c"
    assert "alert" not in playing.acts
    assert playing.acts.count("noted") == 1, "what nobody else sees is recorded all the same"


def test_looking_ahead_past_a_final_act_does_nothing_by_itself() -> None:
    def script() -> Script[Ending]:
        yield from ask("a")
        yield from act("alert", "alert")
        result = yield from record("noted", "note")
        yield from ask(f"b.{result['needed']}")
        return None

    playing = Playing(script, world={"noted": {"needed": "x"}}).answer("yes")
    assert playing.at == "b.x"
    assert playing.acts == ["alert", "noted"]


def test_several_final_acts_in_a_row_all_happen_and_each_once() -> None:
    def script() -> Script[Ending]:
        yield from ask("a")
        for _line in range(3):
            yield from act("line", "consent")
        yield from ask("b")
        yield from act("line", "consent")
        return None

    playing = Playing(script).answer("yes").redraw().answer("yes")
    assert playing.acts == ["line"] * 4


# --- totality ------------------------------------------------------------------------------------------------


def test_a_script_that_never_rests_is_stopped() -> None:
    def script() -> Script[Ending]:
        while True:
            yield Say((Verbatim("on and on"),))

    with pytest.raises(ScriptError):
        advance(script, Log(), None, nothing)


def test_a_script_may_be_long_without_being_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    def script() -> Script[Ending]:
        for _time in range(5):
            yield Say((Verbatim("on"),))
        yield from ask("a")
        return None

    monkeypatch.setattr(engine, "STEPS_PER_RUN", 6)
    assert Playing(script).at == "a"
    monkeypatch.setattr(engine, "STEPS_PER_RUN", 5)
    with pytest.raises(ScriptError):
        Playing(script)


def test_a_script_that_yields_something_else_is_a_bug_that_says_so() -> None:
    def script() -> Script[Ending]:
        yield "a question"  # type: ignore[misc]
        return None

    with pytest.raises(ScriptError, match="str"):
        advance(script, Log(), None, nothing)


def test_back_in_a_session_that_has_only_begun_shows_its_first_question() -> None:
    log = Log()
    rest: Rest = advance(asking("a"), log, Back(), nothing)
    assert rest.address == ("a", 0)


def test_an_answer_that_makes_no_sense_asks_the_same_again() -> None:
    playing = Playing(asking("a"))
    for nonsense in ("perhaps", None, 7, ["yes"], {"text": "yes"}):
        assert playing.answer(nonsense).at == "a"
    rest = advance(playing.script, playing.log, Given(("a", 0), "not even a status"), nothing)
    assert rest.ask is not None
    assert playing.answer("yes").at is None


def test_skipping_and_preferring_not_to_say_are_kept_apart_from_answers() -> None:
    left: list[Status] = []

    def script() -> Script[Ending]:
        for key in ("a", "b", "c"):
            reply = yield from own_words(key, Verbatim(key), [Option("none", Verbatim("None"))])
            left.append(reply.status)
            assert (reply.value is None) == (reply.status is not Status.ANSWERED)
            assert key != "a" or reply.value == Said(text="words")
        return None

    Playing(script).answer({"text": "words"}).skip().answer(None, Status.DECLINED)
    assert left[-3:] == [Status.ANSWERED, Status.SKIPPED, Status.DECLINED]
