// The place to write: words, the bot's commands, and the voice.

import { make } from "./element.js";
import { makeUpVoice, record } from "./sound.js";
import { languageOf } from "./words.js";

const TALLEST = 120;
const USUAL_COMMANDS = ["menu", "needs", "help", "language"].map((command) => ({ command, description: "" }));

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.form = phone.find(".composer");
    this.input = phone.find("textarea");
    this.menu = phone.find(".commands");
    this.speaking = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("keydown", (event) => {
      // While a word is still being put together (as in Burmese keyboards), Enter belongs to the keyboard.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => this.fit());
    this.menu.addEventListener("toggle", () => {
      if (this.menu.open) this.listCommands();
    });
    phone.find(".voice").addEventListener("click", () => this.speak());
  }

  dress(words) {
    this.input.placeholder = words.write;
    this.input.setAttribute("aria-label", words.write);
    this.phone.find(".menu-word").textContent = words.menu;
    for (const [selector, word] of [[".send", words.send], [".voice", words.record]]) {
      this.phone.find(selector).setAttribute("aria-label", word);
      this.phone.find(selector).title = word;
    }
    const texts = [
      [".recording .cancel", words.cancel],
      [".recording .finish", words.finish],
      [".no-microphone p", words.noMicrophone],
      [".no-microphone .cancel", words.cancel],
      [".no-microphone .sample", words.sample],
    ];
    for (const [selector, word] of texts) this.phone.find(selector).textContent = word;
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  hide(hidden) {
    this.form.hidden = hidden;
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.fit();
    if ((await this.phone.act("send", { text })) || this.input.value) return;
    this.input.value = text; // it did not leave: nobody should have to write it again
    this.fit();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, TALLEST)}px`;
    this.form.classList.toggle("has-text", Boolean(this.input.value.trim()));
  }

  async listCommands() {
    const { chatId, language } = this.phone;
    const { commands } = await this.phone.ask(`/demo/commands/${chatId}?language=${language}`);
    const listed = commands?.length ? commands : USUAL_COMMANDS;
    this.menu.querySelector(".pop-card").replaceChildren(...listed.map((one) => this.drawCommand(one)));
  }

  drawCommand({ command, description }) {
    const button = make("button");
    button.type = "button";
    const meaning = make("span", "", description);
    meaning.lang = languageOf(description);
    button.append(make("span", "slash", `/${command}`), meaning);
    button.addEventListener("click", () => {
      this.menu.open = false;
      this.focus();
      this.phone.send(`/${command}`);
    });
    return button;
  }

  // Recording begins with one tap and ends with another, so that it needs no steady hand.
  async speak() {
    if (this.speaking) return;
    this.speaking = true;
    const voice = await this.takeVoice();
    if (voice) await this.phone.act(`voice?duration=${voice.seconds}`, voice.sound);
    this.speaking = false;
    this.phone.find(".voice").focus({ preventScroll: true });
  }

  async takeVoice() {
    let recording;
    try {
      recording = await record();
    } catch {
      return (await this.choose(this.phone.find(".no-microphone"), ".sample")) ? makeUpVoice() : null;
    }
    const bar = this.phone.find(".recording");
    const tick = () => {
      const seconds = recording.seconds();
      const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      bar.querySelector(".recording-time").textContent = clock;
    };
    tick();
    const ticking = setInterval(tick, 500);
    const finished = await this.choose(bar, ".finish");
    clearInterval(ticking);
    const voice = await recording.stop();
    return finished ? voice : null;
  }

  // Show a bar in the composer's place until one of its buttons is tapped; was it the one that `yes` selects?
  choose(bar, yes) {
    this.hide(true);
    bar.hidden = false;
    bar.querySelector(yes).focus();
    return new Promise((resolve) => {
      const end = (answer) => {
        bar.hidden = true;
        this.hide(this.phone.blocked);
        resolve(answer);
      };
      bar.querySelector(yes).onclick = () => end(true);
      bar.querySelector(".cancel").onclick = () => end(false);
      bar.onkeydown = (event) => {
        if (event.key === "Escape") end(false);
      };
    });
  }
}
