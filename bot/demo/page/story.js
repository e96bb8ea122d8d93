// The story beside the phones: its steps tick themselves off as they come to pass, by hand or played.

import { make } from "./element.js";
import { Player, Stopped } from "./player.js";
import { play } from "./plot.js";

// `done` reads what the store tells (bot/demo/story.py); `hand` is what to do to bring it about; what stands `aside` may
// come at any time.
const STEPS = [
  {
    title: "Thiri comes in",
    text: "By a link that works once. She reads what is kept, and agrees to each thing by itself.",
    hand: "Open the links of both caseworkers and the client, and let them arrive.",
    done: (facts) => facts.arrived,
  },
  {
    title: "She says what matters",
    text: "21 needs, from 1 to 4, each skippable. For a 4, her own words if she likes.",
    hand: "As Thiri: What matters to me.",
    done: (facts) => facts.rated > 0,
    count: (facts) => (facts.rated ? `${facts.rated} of 21` : ""),
  },
  {
    title: "It is night. She asks for a person",
    text: "She decides how and when. Nilar gets a code, a level, a category: none of her words.",
    hand: "As Thiri: say yes to contact, or tap I need a person.",
    done: (facts) => facts.asked,
  },
  {
    title: "Nilar does not see it",
    text: "An hour of answering time goes by. A colleague is told, and Thiri can see that too.",
    hand: "Tap Next morning, then Let an hour pass.",
    done: (facts) => facts.told > 0,
  },
  {
    title: "Arun takes it; Thiri is told",
    text: "One takes it, the others see who. She reads who has it, and since when.",
    hand: "As Arun: I'll take it.",
    done: (facts) => facts.taken,
  },
  {
    title: "They write to each other",
    text: "Through the bot: no numbers, no names beside those they chose.",
    hand: "As Arun: Write to…; then as Thiri: Open.",
    done: (facts) => facts.wrote > 1,
  },
  {
    title: "Soe leads, and sees only figures",
    text: "How many came, how many have rated. Whatever is under five stays hidden.",
    hand: "Open the lead’s link.",
    done: (facts) => facts.leads > 0,
    aside: true,
  },
  {
    title: "Thiri takes it all back",
    text: "Her key is destroyed, her rows go. Watch the store.",
    hand: "As Thiri: What is kept about me, Erase everything, Now.",
    done: (facts) => facts.erased > 0,
  },
];
const QUICK = Number(new URLSearchParams(location.search).get("quick")) || 1;

// `stage`: cast(role, name) gives a phone, show(phone) and open(leaf) bring something into view, unlock(yes) puts the key
// to the store, sky lets time pass.
export class Story {
  constructor(stage) {
    this.stage = stage;
    this.facts = { client: null, erased: 0 };
    this.done = new Set();
    this.player = null;
    this.list = document.querySelector(".steps");
    this.narrator = document.querySelector(".narrator");
    this.list.append(...STEPS.map(drawStep));
    this.button = document.querySelector(".play-story");
    this.button.addEventListener("click", () => (this.player ? this.stop() : this.play()));
    this.narrator.querySelector("button").addEventListener("click", () => this.stop());
    this.show();
  }

  // What the store tells. A step stays done when what it left is erased; another client begins anew.
  take(facts) {
    if (facts.client !== null && this.facts.client !== null && facts.client !== this.facts.client) this.done.clear();
    this.facts = { ...facts, client: facts.client ?? this.facts.client };
    STEPS.forEach((step, index) => step.done(facts) && this.done.add(index));
    this.show();
  }

  // The step to be brought about next: the first one after all that is done.
  get next() {
    const last = Math.max(-1, ...[...this.done].filter((index) => !STEPS[index].aside));
    return STEPS.findIndex((_step, index) => index > last && !this.done.has(index));
  }

  show() {
    STEPS.forEach((step, index) => {
      const line = this.list.children[index];
      const state = this.done.has(index) ? "done" : index === this.next ? "next" : "ahead";
      if (line.dataset.state !== state) line.dataset.state = state;
      line.querySelector(".step-state").textContent = { done: "Done: ", next: "Next: ", ahead: "" }[state];
      line.querySelector(".step-count").textContent = step.count?.(this.facts) ?? "";
      line.querySelector(".step-hand").hidden = state !== "next" || this.player !== null;
    });
  }

  async play() {
    this.player = new Player(this.stage, QUICK);
    this.button.textContent = "Stop playing";
    this.narrator.hidden = false;
    this.narrator.querySelector("button").textContent = "Stop";
    this.show();
    try {
      await play(this.player, (words) => this.say(words), () => this.facts);
      this.say("That was one story. Everything you saw was the real bot. Now you: tap anything.");
    } catch (error) {
      if (!(error instanceof Stopped)) {
        this.say("The story got stuck here. Go on by hand, or play it again.");
        console.info("the story got stuck:", error.message);
      }
    }
    this.end();
  }

  // End the playing; when it has ended, put its last words away.
  stop() {
    if (this.player) this.say("Stopped. Go on by hand wherever you like.");
    else this.narrator.hidden = true;
    this.player?.stop();
  }

  end() {
    this.player.stop();
    this.player = null;
    this.button.textContent = "Play it for me";
    this.narrator.querySelector("button").textContent = "Close";
    this.show();
  }

  say(words) {
    this.narrator.querySelector("p").textContent = words;
  }
}

function drawStep(step) {
  const line = make("li", "step");
  const title = make("p", "step-title", step.title);
  title.prepend(make("span", "step-state sr"));
  title.append(" ", make("span", "step-count"));
  line.append(title, make("p", "step-text", step.text), make("p", "step-hand", `By hand: ${step.hand}`));
  return line;
}
