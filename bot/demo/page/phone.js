// One phone: its chat with the bot, and what the person who holds it can do.

import { openAlert } from "./alert.js";
import { Composer } from "./composer.js";
import { dressDoor } from "./door.js";
import { drawMessage, fillMessage } from "./message.js";
import { LANGUAGES, languageOf, wordsIn } from "./words.js";

const TOAST_SECONDS = 3.5;
const TYPING_SECONDS = 5;
const NEAR_THE_END = 90;
const IDLE_SECONDS = 2;

// `role` is one of page.js's roles; `post(path, body)` gives the server's answer and throws what it refuses.
// Events: `news` when the bot has written something, `opened` when somebody begins to use this phone, `link` (with
// `start`) when they open an invitation that was written to them.
export class Phone extends EventTarget {
  constructor(role, name, title, post) {
    super();
    this.role = role;
    this.name = name;
    this.title = title;
    this.chatId = null;
    this.opening = false;
    this.touched = 0;
    this.language = LANGUAGES[0][0];
    this.words = wordsIn(this.language);
    this.post = post;
    this.root = document.getElementById("phone").content.cloneNode(true).firstElementChild;
    this.log = this.find(".log");
    this.composer = new Composer(this);
    this.hands = {
      tap: (id, data, key) => this.tap(id, data, key),
      copy: (text) => this.copy(text),
      say: (text) => this.send(text),
      follow: (start) => this.dispatchEvent(Object.assign(new Event("link"), { start })),
    };
    this.atEnd = true;
    this.log.addEventListener("scroll", () => (this.atEnd = this.isNearEnd()), { passive: true });
    // A keyboard that comes up, or a bar in the composer's place, is not to hide the keys of what was said last.
    new ResizeObserver(() => this.atEnd && this.goToEnd()).observe(this.log);
    dressDoor(this);
    this.find(".again").addEventListener("click", () => {
      this.find(".more").open = false;
      this.open(true);
    });
    for (const button of [this.find(".block"), this.find(".is-blocked button")]) {
      button.addEventListener("click", () => this.toggleBlock());
    }
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  // Meet the bot: through a new invitation of the programme, as a stranger without one, or through a `link` somebody
  // wrote. `quiet`: nobody stands here with the keyboard.
  async open(invited, { link = "", quiet = false } = {}) {
    if (this.opening) return;
    this.opening = true;
    this.root.classList.add("opening");
    this.find(".door-trouble").textContent = "";
    try {
      const { start } = invited ? await this.post("/demo/invite", { role: this.role.code }) : { start: link };
      if (this.chatId === null) {
        const asked = { role: this.role.code, name: this.name, language: this.language };
        this.bind(await this.post("/demo/phones", asked));
      }
      if (!quiet) {
        this.dispatchEvent(new Event("opened"));
        // Not into the place to write: on a real phone that would bring up the keyboard.
        this.awaitKeys();
      }
      await this.act("start", { payload: start });
    } catch (error) {
      const trouble = error.refused ? error.message : this.words.lost;
      if (this.chatId === null) this.find(".door-trouble").textContent = trouble;
      else this.showToast(trouble);
    } finally {
      this.opening = false;
      this.root.classList.remove("opening");
    }
  }

  // This is the phone of that chat from now on.
  bind({ chat_id: chatId, language, blocked }) {
    this.chatId = chatId;
    this.speak(language);
    this.root.classList.add("is-open");
    this.find(".screen").inert = false;
    this.find(".door").inert = true;
    this.showBlocked(blocked);
  }

  speak(language) {
    this.language = language;
    this.words = wordsIn(language);
    const { words } = this;
    this.find(".screen").lang = language;
    this.composer.dress(words);
    this.log.setAttribute("aria-label", words.chat);
    this.find(".more summary").setAttribute("aria-label", words.more);
    this.find(".is-blocked button").textContent = words.unblock;
    this.find(".again").textContent = words.again;
    this.find(".alert button").textContent = words.ok;
    const name = LANGUAGES.find(([code]) => code === language)?.[1] ?? language;
    this.find(".chosen-language").textContent = `${words.language} ${name}`;
    this.showState("");
  }

  // What happens on the screen.

  showScreen(messages) {
    const kept = new Map([...this.log.children].map((row) => [Number(row.dataset.id), row]));
    this.log.replaceChildren(
      ...messages.map((message) => {
        const row = kept.get(message.message_id) ?? drawMessage(message, this.words, this.hands);
        if (kept.has(message.message_id)) fillMessage(row, message, this.words, this.hands);
        return row;
      }),
    );
    this.goToEnd();
  }

  showMessage(message) {
    const follow = message.out || this.isNearEnd();
    const row = drawMessage(message, this.words, this.hands);
    row.classList.add("arriving");
    this.log.append(row);
    this.clearTyping();
    if (this.awaiting && !message.out) this.returnFocus(row);
    if (follow) this.goToEnd();
    if (message.out) return;
    this.dispatchEvent(new Event("news"));
    if (!message.silent && Date.now() - this.touched > IDLE_SECONDS * 1000) this.buzz();
  }

  // As a phone does that lies beside somebody.
  buzz() {
    this.root.classList.remove("buzzing");
    void this.root.offsetWidth; // so that it begins anew
    this.root.classList.add("buzzing");
  }

  // A message edited in place. Whoever stands on its keys with the keyboard stays there.
  showEdit(message) {
    const row = this.rowOf(message.message_id);
    if (!row) return;
    const follow = this.isNearEnd();
    const keys = [...row.querySelectorAll(".key")];
    const place = keys.indexOf(document.activeElement);
    fillMessage(row, message, this.words, this.hands);
    const fresh = [...row.querySelectorAll(".key")];
    if (place >= 0) (fresh[fresh.length === keys.length ? place : 0] ?? this.log).focus({ preventScroll: true });
    row.classList.remove("edited", "arriving");
    void row.offsetWidth; // so that the highlight begins anew
    row.classList.add("edited");
    if (follow) this.goToEnd();
    if (!message.out) this.dispatchEvent(new Event("news"));
  }

  showDeletion(ids) {
    for (const row of ids.map((id) => this.rowOf(id)).filter(Boolean)) {
      if (row.contains(document.activeElement)) this.awaitKeys();
      row.dataset.id = "";
      row.inert = true;
      row.classList.add("leaving");
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      setTimeout(() => row.remove(), still ? 0 : 260);
    }
  }

  showTyping(action) {
    this.showState(action.includes("voice") ? this.words.speaking : this.words.typing);
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.clearTyping(), TYPING_SECONDS * 1000);
  }

  clearTyping() {
    clearTimeout(this.typing);
    this.showState("");
  }

  showState(text) {
    const state = this.find(".chat-state");
    state.textContent = text || this.words.bot;
    state.classList.toggle("typing", Boolean(text));
  }

  showBlocked(blocked) {
    this.blocked = blocked;
    this.composer.hide(blocked);
    this.find(".is-blocked").hidden = !blocked;
    this.find(".block").textContent = blocked ? this.words.unblock : this.words.block;
  }

  showToast(text) {
    const toast = this.find(".toast");
    toast.textContent = text;
    toast.lang = languageOf(text);
    toast.classList.add("shown");
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => toast.classList.remove("shown"), TOAST_SECONDS * 1000);
  }

  showAlert(text) {
    openAlert(this.find(".alert"), this.find(".screen"), text);
  }

  rowOf(id) {
    return this.log.querySelector(`:scope > [data-id="${id}"]`);
  }

  // Whoever uses the keyboard is to stand on the keys of what the bot says next.
  awaitKeys() {
    this.log.focus({ preventScroll: true });
    this.awaiting = true;
  }

  returnFocus(row) {
    this.awaiting = false;
    if (document.activeElement === this.log) row.querySelector(".key")?.focus({ preventScroll: true });
  }

  isNearEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_THE_END;
  }

  goToEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  // What the person does.

  // GET: an empty answer where there is none.
  ask(path) {
    return this.post(path, null).catch(() => ({}));
  }

  // Do something on this phone. Gives null when it could not be done, and says so on the screen.
  async act(what, body) {
    this.touched = Date.now();
    try {
      return await this.post(`/phones/${this.chatId}/${what}`, body);
    } catch (error) {
      this.showToast(error.refused ? error.message : this.words.lost);
      return null;
    }
  }

  async tap(id, data, key) {
    if (this.blocked) return this.showToast(this.words.blocked);
    key.classList.add("waiting");
    key.setAttribute("aria-busy", "true");
    const answer = await this.act("tap", { message_id: id, data });
    key.classList.remove("waiting");
    key.removeAttribute("aria-busy");
    if (answer?.text) answer.alert ? this.showAlert(answer.text) : this.showToast(answer.text);
  }

  async send(text) {
    if (this.blocked) return this.showToast(this.words.blocked);
    await this.act("send", { text });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.showToast(this.words.copied);
    } catch {
      this.showAlert(`${this.words.copyThis}\n${text}`);
    }
  }

  async toggleBlock() {
    this.find(".more").open = false;
    const blocked = !this.blocked;
    if (await this.act(blocked ? "block" : "unblock")) this.showBlocked(blocked);
  }
}
