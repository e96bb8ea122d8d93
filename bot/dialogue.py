"""What a person just did, played into the dialogue they are in: start, answer, interrupt, come back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from bot import acts, looks, picture, reading, screens, sounds, talks, tidying
from bot.gate import Purpose
from bot.inbound import Inbound, Voice
from bot.rounds import asking
from bot.turn import Scene, Turn, slot_of
from conversations.engine import Back, Given, Rest, advance
from conversations.playbook import COMMANDS, HOME, PLAYBOOK, Part
from conversations.script import Do, GoOn, Json, Look, Status, Then
from conversations.text import Words, _
from storage import sessions
from storage.sessions import Session, Stub

MOST_HOPS: Final = 12
"""Scripts that may follow one another without a question between them."""

MOST_ID: Final = 2**63 - 1
"""The highest number that the database takes."""

FREE: Final = frozenset(
    {
        *("arrive", "enrol", "join", "language", "help", "talk", "sent", "return", "stranger"),
        *("feedback", "clear", "closed", "gone", "mine", "parts", "part", "erase", "leave", "left"),
        *("transfer", "money"),
    }
)
"""What someone may start who has not finished coming in."""

ANNOUNCED: Final = {**dict.fromkeys(("talk", "sent", "wrote", "written", "transfer"), "push"), "asked": "ask"}
"""What a bland line announces, and where that stands; once it is open, by whatever way, the line has done its work."""

BESIDE: Final = {
    **dict.fromkeys(("invite", "report", "result", "way", "beside"), picture.SLOT),
    "wrote": sounds.SLOT,
}
"""The slot of the picture or sound that a dialogue may have put under its screen; it goes when the dialogue ends, by
whatever way."""

FREE_FOR_MINORS: Final = FREE | {"menu"}


def play(turn: Turn, scene: Scene, inbound: Inbound) -> None:
    """One thing a person did. Always ends with an answer on their screen."""
    _Dialogue(turn, scene, inbound).play()
    follow_nudges(turn, actor=scene.person.id)


def follow_nudges(turn: Turn, actor: int | None = None) -> None:
    """Draw anew what others are looking at, or send them one bland line. The actor's own screen is drawn already."""
    while turn.nudges:
        nudge = turn.nudges.pop(0)
        scene = turn.scene(nudge.person)
        live = scene.live if nudge.person != actor else None
        if live is not None and live.script in PLAYBOOK and nudge.is_about(live):
            is_watched = _is_fresh(turn, live)  # before it is drawn as another question
            _Dialogue(turn, scene, None).run(live, None)
            if is_watched:
                continue
        if nudge.silent or nudge.argument is None:
            continue
        if nudge.script == "talk":
            talks.announce(turn, scene.person, nudge.argument)
        else:
            purpose = Purpose.TRANSFER if nudge.script == "transfer" else Purpose.NEWS
            turn.push(scene.person, talks.BLAND, nudge.script, nudge.argument, purpose)


def fold(turn: Turn, person: int) -> None:
    """Fold away what stands in somebody's chat, who has not touched it for a while."""
    scene = turn.scene(person)
    tidying.sweep_rest(turn, scene.person)
    _Dialogue(turn, scene, None).fold()


def _is_fresh(turn: Turn, live: Session) -> bool:
    """Whether this screen was put there a moment ago, so that its person is likely to see it change."""
    return live.shown is not None and turn.store.at - live.shown["at"] < talks.QUIET_FOR


def _is_about(session: Session, arguments: Mapping[str, Json]) -> bool:
    """Whether a session was started with these arguments, as far as they say anything: one round's asking is not
    another's."""
    return all(session.arguments.get(name) == value for name, value in arguments.items())


def _read_id(text: str) -> int | None:
    """The id of a row, as a button carries it; None for anything that cannot be one."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else MOST_ID + 1
    return number if number <= MOST_ID else None


class _Dialogue:
    """One person's part of a turn. `inbound` is None when somebody else's turn draws their screen anew."""

    def __init__(self, turn: Turn, scene: Scene, inbound: Inbound | None) -> None:
        self._turn = turn
        self._scene = scene
        self._inbound = inbound
        self._hops = 0
        self._renew = inbound is not None
        self._touched_at = scene.live.touched_at if scene.live is not None else 0
        """When this person last did something; a chat that folds away by itself is not touched by it."""
        self._notes: list[Words] = []

    # --- what came in ----------------------------------------------------------------------------------------

    def play(self) -> None:
        inbound = self._inbound
        assert inbound is not None
        person = self._scene.person
        if inbound.kind == "blocked":
            self._turn.change(self._scene, replace(person, blocked_at=self._turn.store.at))
            asking.block(self._turn, person)
            return
        if person.blocked_at is not None:
            self._turn.change(self._scene, replace(person, blocked_at=None))
        if inbound.message_id and inbound.kind not in ("tap", "edited"):
            self._turn.note_message(self._scene.person, inbound.message_id)
        self._leave_what_is_gone()
        match inbound.kind:
            case "tap":
                self._tapped(inbound)
            case "command":
                self._commanded(inbound)
            case "words" | "voice":
                self._answered(inbound)
            case "edited":
                self._again(_("I keep what was written first. To change an answer, use Back."))
            case "unblocked":
                pass
            case _:
                self._again(_("I can read words and taps here. I kept nothing of that."))

    def _tapped(self, inbound: Inbound) -> None:
        if inbound.text.startswith("!"):
            self._start_by_button(inbound)
            return
        live, token = self._scene.live, screens.read_token(inbound.text)
        shown = live.shown if live is not None else None
        if live is None or shown is None or token is None or token[:2] != (live.id, shown["number"]):
            self._stale(inbound)
            return
        self._renew = False
        self._take(live, reading.read_tap(shown, token[2]))

    def _stale(self, inbound: Inbound) -> None:
        """An old button, a double tap, someone else's button: a kind word, and where we are."""
        living = self._turn.store.row("slots", "one", id=slot_of(self._scene.person.id, "living"))
        self._turn.toast = _("That is from an earlier screen.")
        if living is not None and living["message_id"] == inbound.message_id:
            self._renew = False
        self._again()

    def _start_by_button(self, inbound: Inbound) -> None:
        name, _dot, argument = inbound.text[1:].partition(".")
        part, number = PLAYBOOK.get(name), _read_id(argument)
        if part is None or not part.button or number is None:
            self._again(_("That button does not work any more."))
            return
        self._begin(name, {part.argument: number})

    def _commanded(self, inbound: Inbound) -> None:
        person = self._scene.person
        if inbound.text == "start" or not inbound.argument:  # words behind a command are not kept, so they stay
            self._turn.delete(person, inbound.message_id)
        may_arrive = person.role == "stranger" or (person.role == "client" and not self._is_coming_in())
        if inbound.text == "start" and inbound.argument and may_arrive:
            self._begin("arrive", {"code": inbound.argument})
        elif inbound.text == "start":
            self._again() if self._is_coming_in() else self._begin(self._home, {})
        elif inbound.text in COMMANDS[person.role]:
            script = COMMANDS[person.role][inbound.text]
            self._begin(self._home if script == HOME[person.role] else script, {})
        else:
            self._again(_("I do not know that word. Here is where we are."))

    def _answered(self, inbound: Inbound) -> None:
        live = self._scene.live
        if live is not None and live.script == "closed":
            self._open(_("This chat was closed, so I kept nothing of that. Please write it again."))
            return
        if live is None or live.shown is None:
            self._again()
            return
        person = self._scene.person
        if inbound.voice is not None:
            refusal = reading.refuse_voice(live.shown, inbound.voice.seconds)
            read: reading.Reading = refusal or self._keep_voice(inbound, inbound.voice)
        else:
            language = self._language_of(live)
            today = self._turn.now.astimezone(self._turn.programme.zone).date()
            read = reading.read_words(live.shown, inbound.text, inbound.at, language, today)
        if isinstance(read, reading.Answer | reading.Draft):
            self._renew = False
            if inbound.voice is None and person.tidy:
                self._turn.delete(person, inbound.message_id)
        self._take(live, read)

    def _keep_voice(self, inbound: Inbound, voice: Voice) -> reading.Answer:
        """A row that fetches the sound; only after its bytes are kept is the note taken from the chat."""
        store, person = self._turn.store, self._scene.person
        id_ = store.new_id()
        body = json.dumps({"file": voice.file, "size": voice.size}).encode()
        store.later(
            "voices",
            "insert",
            id=id_,
            person_id=person.id,
            message_id=inbound.message_id,
            seconds=voice.seconds,
            body=person.box.seal(body, f"voices.body:{id_}"),
            due_at=store.at,
        )
        return reading.Answer({"status": Status.ANSWERED, "value": {"voice": id_, "seconds": voice.seconds}})

    def _take(self, live: Session, read: reading.Reading) -> None:
        assert live.shown is not None
        match read:
            case reading.Answer(value):
                self.run(live, Given((live.shown["key"], live.shown["nth"]), value))
            case reading.GoBack():
                self.run(live, Back())
            case reading.Draft(value):
                live.shown["draft"] = value
                self.run(live, None)
            case reading.NotUnderstood(note):
                self._notes.append(note)
                self.run(live, None)
            case reading.Stop() if PLAYBOOK[live.script].stop:
                draft = live.arguments["draft"]
                self._put_aside("done")
                self._begin(PLAYBOOK[live.script].stop, {"draft": draft}, anew=True)
            case reading.Stop():
                self._notes.append(_("I kept what you said. You can go on whenever you like."))
                self._put_aside("parked")
                self._begin(self._home, {})

    def _again(self, *notes: Words) -> None:
        """Show where we are once more, or the way home."""
        self._notes += notes
        if self._scene.live is not None:
            self.run(self._scene.live, None)
        else:
            self._go_home()

    def _open(self, note: Words) -> None:
        """Say something where we are; a folded chat is opened for it."""
        if self._scene.live is not None and self._scene.live.script == "closed":
            self._put_aside("done")
        self._again(note)

    # --- sessions --------------------------------------------------------------------------------------------

    def _begin(self, script: str, arguments: Mapping[str, Json], *, anew: bool = False) -> None:
        """Start a script; what was live is put aside, and one of the same kind and about the same left on the way is
        taken up again (or, `anew`, given up: what it was about has changed)."""
        self._hops += 1
        if self._hops > MOST_HOPS:
            raise RuntimeError(f"scripts follow one another without end at {script}")
        part = PLAYBOOK[script]
        if not self._may_start(script, part):
            self._open(_("That is not open to you now."))
            return
        live = self._scene.live
        if live is not None and live.script == script and part.lasting and _is_about(live, arguments):
            self.run(live, None)
            return
        self._put_aside("interrupted")
        left = next((stub for stub in reversed(self._scene.stubs) if stub.script == script), None)
        if left is not None and part.lasting and not anew and self._is_same(left, arguments):
            self._resume(left.id)
            return
        self._give_up(script)
        store, person = self._turn.store, self._scene.person
        line = slot_of(person.id, ANNOUNCED.get(script, ""))
        if script in ANNOUNCED and store.row("slots", "one", id=line) is not None:
            self._turn.clear(person, line)
        session = Session(store.new_id(), person.id, script, "live", dict(arguments), started_at=store.at)
        session.touched_at = self._touched_at
        self._scene.live = session
        self.run(session, None)

    def _is_same(self, left: Stub, arguments: Mapping[str, Json]) -> bool:
        if not arguments:
            return True
        found = sessions.load(self._turn.store, self._scene.person, left.id)
        return found is not None and _is_about(found, arguments)

    def _may_start(self, script: str, part: Part) -> bool:
        person = self._scene.person
        if person.role not in part.roles:
            return False
        if self._is_coming_in():
            return script in FREE
        if person.left_at is not None:
            return script in FREE
        return person.role != "client" or person.adult is not False or script in FREE_FOR_MINORS

    @property
    def _home(self) -> str:
        """Where this person is when nothing else is going on."""
        return "left" if self._scene.person.left_at is not None else HOME[self._scene.person.role]

    def fold(self) -> None:
        """Put aside whatever is going on, and let the screen show nothing but a way back."""
        self._leave_what_is_gone()
        if self._scene.live is None or self._scene.live.script != "closed":
            self._put_aside("interrupted")
            self._begin("closed", {})

    def _is_coming_in(self) -> bool:
        """Whether this person has begun to come in and has not finished."""
        live = [self._scene.live.script] if self._scene.live is not None else []
        return any(script in ("enrol", "join") for script in (*live, *(stub.script for stub in self._scene.stubs)))

    def _put_aside(self, state: str) -> None:
        live = self._scene.live
        if live is None:
            return
        live.state = state if PLAYBOOK[live.script].lasting else "done"
        self._save(live)
        self._scene.live = None
        if live.state != "done":
            self._scene.stubs.append(Stub(live.id, live.script, live.state))

    def _resume(self, session: int) -> None:
        found = sessions.load(self._turn.store, self._scene.person, session)
        if found is None or found.state not in ("interrupted", "parked"):
            self._go_home()
            return
        self._put_aside("interrupted")
        self._scene.stubs = [stub for stub in self._scene.stubs if stub.id != session]
        found.state = "live"
        self._scene.live = found
        self.run(found, None)

    def _leave_what_is_gone(self) -> None:
        """A release may take a whole script away; whoever was in it goes home, and what they said is kept as facts."""
        live = self._scene.live
        if live is not None and live.script not in PLAYBOOK:
            live.state = "done"
            self._save(live)
            self._scene.live = None
        for script in {stub.script for stub in self._scene.stubs} - PLAYBOOK.keys():
            self._give_up(script)

    def _give_up(self, script: str) -> None:
        """End what was left on the way of this script."""
        for stub in [stub for stub in self._scene.stubs if stub.script == script]:
            found = sessions.load(self._turn.store, self._scene.person, stub.id)
            if found is not None:
                found.state = "done"
                self._save(found)
            self._scene.stubs.remove(stub)

    def _go_home(self) -> None:
        """Back to what was interrupted, with a question; or to the menu."""
        left = next((stub for stub in reversed(self._scene.stubs) if stub.state == "interrupted"), None)
        if left is None:
            self._begin(self._home, {})
            return
        found = sessions.load(self._turn.store, self._scene.person, left.id)
        place = (found.shown or {}).get("place") if found is not None else None
        if self._is_coming_in() or self._scene.person.role != "client":
            self._resume(left.id)
            return
        self._scene.stubs = [
            replace(stub, state="parked") if stub.id == left.id else stub for stub in self._scene.stubs
        ]
        self._turn.store.later("sessions", "mark", id=left.id, state="parked")
        self._begin("return", {"session": left.id, "place": place})

    # --- running ---------------------------------------------------------------------------------------------

    def run(self, session: Session, move: Given | Back | None) -> None:
        """Play a session up to its next question, or to its end and on to what follows."""
        part = PLAYBOOK[session.script]
        start, perform = partial(part.start, session.arguments), partial(self._perform, session)
        rest = advance(start, session.log, move, perform, session.run)
        if session.person != self._scene.person.id:  # this person was erased, and the session with them
            self._begin("gone", {})
            return
        session.run = rest.run
        if rest.ask is not None:
            self._show(session, rest)
            return
        self._notes += [line for say in rest.said for line in say.lines]
        session.state = "done"
        self._save(session)
        self._scene.live = None
        match rest.ending:
            case Then(script, arguments):
                self._begin(script, arguments, anew=part.lasting)
            case GoOn(other):
                self._resume(other)
            case None:
                self._go_home()

    def _perform(self, session: Session, step: Look | Do, number: int) -> Json:
        if isinstance(step, Look):
            return looks.read(step.query, self._turn, self._scene)
        return acts.perform(step.act, acts.Moment(self._turn, self._scene, session, number))

    def _show(self, session: Session, rest: Rest) -> None:
        ask, (key, nth) = rest.ask, rest.address
        assert ask is not None
        before = session.shown or {}
        same = (before.get("key"), before.get("nth"), before.get("number")) == (key, nth, session.log.number)
        session.shown = {
            "key": key,
            "nth": nth,
            "number": session.log.number,
            "kind": screens.describe(ask.kind),
            "taps": screens.taps(ask, can_go_back=rest.can_go_back),
            "draft": before.get("draft") if same else None,
            "place": list(ask.place) if ask.place else None,
            "at": before["at"] if same else self._turn.store.at,
        }
        self._save(session)
        said = rest.said if self._inbound is not None else ()  # what was said to an answer is not said again
        notes = [*self._notes, *(line for say in said for line in say.lines)]
        person = self._scene.person
        language = self._language_of(session)
        payload = screens.draw(ask, session.id, session.shown, language, notes, can_go_back=rest.can_go_back)
        purpose = Purpose.EDIT
        if self._inbound is not None:
            purpose = Purpose.HELP if session.script == "help" else Purpose.ANSWER
        subject = looks.subject_of(self._turn, session) if person.role != "client" else None
        self._turn.show(person, slot_of(person.id, "living"), payload, purpose, renew=self._renew, subject=subject)

    def _language_of(self, session: Session) -> str:
        """This person's, or that of whom a rehearsal is about."""
        given: str | None = session.arguments.get("language")
        return given or self._turn.language_of(self._scene.person)

    def _save(self, session: Session) -> None:
        if session.state == "done" and session.script in BESIDE:
            self._turn.clear(self._scene.person, slot_of(self._scene.person.id, BESIDE[session.script]))
        if self._inbound is not None:
            session.touched_at = self._turn.store.at
        sessions.save(self._turn.store, self._scene.person, session)
