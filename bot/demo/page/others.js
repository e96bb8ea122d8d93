// The others: invented clients without a phone on the page, let in by a button, and counted (bot/demo/others.py).

import { make } from "./element.js";
import { QUICK } from "./player.js";

const TALLY = { in: "in", asked: "asked", answering: "answering", done: "done" };
const WORDS = {
  coming: "They are coming in, each by a link of their own…",
  still: "They are in, and have put their phones away. Soe can ask them something.",
  asked: "A line came, and each answers at their own pace. Soe sees it fill.",
  done: "Whoever wanted to answer has done so.",
};

// `post(path)` gives the server's answer and throws what it refuses; `shown()` brings the panel into view.
export class Others {
  constructor(post, shown) {
    this.post = post;
    this.root = document.querySelector(".others");
    this.word = this.root.querySelector(".others-word");
    this.tally = this.root.querySelector(".tally");
    this.buttons = [...document.querySelectorAll(".let-in")];
    for (const button of this.buttons) {
      button.addEventListener("click", () => {
        button.closest("details")?.removeAttribute("open");
        shown();
        this.root.scrollIntoView({ block: "nearest" });
        this.root.focus({ preventScroll: true }); // the button goes away
        this.letIn();
      });
    }
  }

  async letIn() {
    try {
      await this.post("/demo/others", { quick: QUICK });
    } catch (error) {
      this.say(error.refused ? error.message : "That did not work. Is the demonstration still running?");
    }
  }

  // {"of", and how many are "coming", "in", "asked", "answering", "done"}
  take(told) {
    for (const button of this.buttons) button.disabled = true;
    this.root.querySelector(".let-in").hidden = true;
    const counts = { ...told, in: told.of - told.coming };
    const items = Object.entries(TALLY).map(([name, word]) => {
      const item = make("li", "", ` ${word}`);
      item.prepend(make("b", "", String(counts[name])));
      return item;
    });
    this.tally.replaceChildren(...items);
    this.tally.hidden = false;
    this.say(WORDS[stateOf(told)]);
  }

  say(words) {
    if (this.word.textContent !== words) this.word.textContent = words;
  }
}

function stateOf({ coming, asked, answering, done }) {
  if (coming) return "coming";
  if (answering || (asked && !done)) return "asked";
  return done ? "done" : "still";
}
