// The stories beside the phones: their steps tick themselves off as they come to pass, by hand or played.

import { make } from "./element.js";
import { Player, Stopped } from "./player.js";

// What is said while a story is played, and the way to end it.
export class Narrator {
  constructor() {
    this.root = document.querySelector(".narrator");
    this.button = this.root.querySelector("button");
    this.story = null;
    this.button.addEventListener("click", () => (this.story ? this.story.stop() : (this.root.hidden = true)));
  }

  // One story at a time.
  begin(story) {
    this.story?.stop();
    this.story = story;
    this.button.textContent = "Stop";
    this.root.hidden = false;
  }

  end(story) {
    if (this.story !== story) return;
    this.story = null;
    this.button.textContent = "Close";
  }

  say(words) {
    this.root.querySelector("p").textContent = words;
  }
}

// `plot` has the story's `steps`, how to `play` them, what to say at the `end`, and `nothing`, its facts before any are told. A
// step's `done` reads the facts, `hand` is what to do to bring it about, and what stands `aside` may come at any time;
// with another `subject` among the facts, it all begins anew. `stage`: cast(role, name) gives a phone, show(phone) and
// open(leaf) bring something into view, unlock(yes) puts the key to the store, sky lets time pass, letIn() the others in.
export class Story {
  constructor(root, plot, stage, narrator) {
    this.plot = plot;
    this.stage = stage;
    this.narrator = narrator;
    this.facts = plot.nothing;
    this.done = new Set();
    this.player = null;
    this.list = root.querySelector(".steps");
    this.list.append(...plot.steps.map(drawStep));
    this.button = root.querySelector(".play-story");
    this.button.addEventListener("click", () => (this.player ? this.stop() : this.play()));
    this.show();
  }

  // What is told of it. A step stays done when what it left is gone.
  take(facts) {
    const { steps, subject } = this.plot;
    const before = this.facts[subject];
    if (facts[subject] !== null && before !== null && facts[subject] !== before) this.done.clear();
    this.facts = { ...facts, [subject]: facts[subject] ?? before };
    steps.forEach((step, index) => step.done(facts) && this.done.add(index));
    this.show();
  }

  // The step to be brought about next: the first one after all that is done.
  get next() {
    const { steps } = this.plot;
    const last = Math.max(-1, ...[...this.done].filter((index) => !steps[index].aside));
    return steps.findIndex((_step, index) => index > last && !this.done.has(index));
  }

  show() {
    this.plot.steps.forEach((step, index) => {
      const line = this.list.children[index];
      const state = this.done.has(index) ? "done" : index === this.next ? "next" : "ahead";
      if (line.dataset.state !== state) line.dataset.state = state;
      line.querySelector(".step-state").textContent = { done: "Done: ", next: "Next: ", ahead: "" }[state];
      line.querySelector(".step-count").textContent = step.count?.(this.facts) ?? "";
      line.querySelector(".step-hand").hidden = state !== "next" || this.player !== null;
    });
  }

  async play() {
    this.player = new Player(this.stage);
    this.button.textContent = "Stop playing";
    this.narrator.begin(this);
    this.show();
    try {
      await this.plot.play(this.player, (words) => this.narrator.say(words), () => this.facts);
      this.narrator.say(this.plot.end);
    } catch (error) {
      if (!(error instanceof Stopped)) {
        this.narrator.say("The story got stuck here. Go on by hand, or play it again.");
        console.info("the story got stuck:", error.message);
      }
    }
    this.end();
  }

  stop() {
    this.narrator.say("Stopped. Go on by hand wherever you like.");
    this.player.stop();
  }

  end() {
    this.player.stop();
    this.player = null;
    this.button.textContent = "Play it for me";
    this.narrator.end(this);
    this.show();
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
