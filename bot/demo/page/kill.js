// The button that kills the bot in the middle of an answer, and the true story of what came of it (bot/demo/kill.py).

import { make } from "./element.js";

const WORDS = {
  idle: "At the moment when it has a tap and has not answered yet. Is anything lost?",
  armed: "Armed. Tap any button on a phone: the bot dies while it answers.",
  "under way": "Killed. It is being started again…",
};
const STEPS = {
  handed: () => "What was sent reaches the bot.",
  absent: () => "The bot was not running just then. Try again in a moment.",
  killed: ({ process }) => `SIGKILL to process ${process} and whatever it had started.`,
  dead: ({ end, kept, shown }) => `Dead (${end}).${kept === undefined ? "" : remains(kept, shown)}`,
  started: ({ process }) => `Started again: process ${process}.`,
  asks: () => "It asks Telegram what there is, and goes on.",
  again: () => "It was never acknowledged, so Telegram’s stand-in hands it over again.",
  answered: () => "The answer comes.",
  counted: ({ noted, before, after, shown }) =>
    `Taken ${times(noted)}. Answers stored: ${before} before, ${after} now. The phone’s screen: changed ${times(shown)}.`,
  late: () => "Nothing more came within 20 seconds.",
};
export class KillSwitch {
  constructor(post) {
    this.root = document.querySelector(".kill");
    for (const [selector, when] of [[".arm", "answering"], [".now", "now"], [".never", "never"]]) {
      this.find(selector).addEventListener("click", () => post("/demo/kill", { when }));
    }
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  show({ state, steps }) {
    this.root.dataset.state = state;
    this.find(".arm").hidden = state === "armed";
    this.find(".arm").disabled = state === "under way";
    this.find(".now").hidden = this.find(".never").hidden = state !== "armed";
    this.find(".kill-word").textContent = WORDS[state] ?? verdict(steps);
    this.find(".kill-word").toggleAttribute("data-told", state !== "idle");
    const list = this.find(".kill-steps");
    list.hidden = steps.length === 0;
    list.replaceChildren(...steps.map(drawStep));
    if (steps.length) this.root.scrollIntoView({ block: "nearest" });
  }
}

// Only what was counted is claimed.
function verdict(steps) {
  const last = steps.at(-1);
  if (last?.what === "asks") return "It is back.";
  if (last?.what !== "counted") return "This did not go as it should:";
  const once = last.noted === 1 && last.after >= last.before && last.after - last.before <= 1;
  return once ? "Nothing is lost, and nothing is there twice." : "This should not be:";
}

function drawStep(step) {
  const line = make("li");
  line.dataset.what = step.what;
  line.append(make("span", "ms", `${(step.ms / 1000).toFixed(step.ms < 100 ? 3 : 1)} s`), make("span", "", STEPS[step.what](step)));
  return line;
}

function remains(kept, shown) {
  const stored = kept ? "It was in the store already" : "Nothing of it was in the store yet";
  return ` ${stored}; ${shown ? "an answer had come" : "no answer had come"} to the phone.`;
}

function times(number) {
  return number === 1 ? "once" : `${number} times`;
}
