// A hand that plays on the phones as somebody would: it finds the button, shows that it will tap it, and taps it.

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
export const QUICK = Number(new URLSearchParams(location.search).get("quick")) || 1; // how many times as fast as a person
const PATIENCE = 15_000;
const GLANCE = 40;
const TICKS = new Set(["plan", "first"]); // what is only ticked, on a screen that stays

// Somebody wished that the playing ends.
export class Stopped extends Error {}

export class Player {
  // `stage`: see story.js.
  constructor(stage) {
    this.stage = stage;
    this.stopped = false;
    this.answered = new Set(); // screens, by the beginning of their buttons' data, and single buttons
    this.finger = document.querySelector(".finger");
  }

  stop() {
    this.stopped = true;
    this.finger.hidden = true;
    document.querySelector(".pointed")?.classList.remove("pointed");
  }

  // Let somebody read: milliseconds.
  async rest(time) {
    await this.sleep(time / QUICK);
  }

  async sleep(time) {
    await new Promise((resolve) => setTimeout(resolve, time));
    if (this.stopped) throw new Stopped();
  }

  // Wait until that is so, and give it; throws when it does not come in time.
  async until(test, what, patience = PATIENCE) {
    const end = Date.now() + patience;
    while (Date.now() < end) {
      const found = test();
      if (found) return found;
      await this.sleep(GLANCE);
    }
    throw new Error(`waited in vain for ${what}`);
  }

  // The lowest button on a phone that means this, on a screen that was not answered yet. `code` is the last part of a button's data
  // (bot/screens.py), its beginning where it ends in a dot (stop.), or that of one that stands by itself, as in !take.
  key(phone, code) {
    const keys = [...phone.log.querySelectorAll(".row:not([inert]) .key[data-data]")].reverse();
    return keys.find(({ dataset: { data } }) => means(data, code) && !this.answered.has(data) && !this.answered.has(screenOf(data)));
  }

  async tap(phone, code, time = 500) {
    const key = await this.until(() => this.key(phone, code), `${code} on ${phone.name}’s phone`);
    this.stage.show(phone);
    await this.point(key, time);
    const fresh = key.isConnected ? key : this.key(phone, code);
    if (!fresh) return;
    this.answer(fresh, code);
    fresh.click();
  }

  // Tap through screens by the first way that is open on each, until `end()` is so. A way is [code, time] or, for
  // screens on which something is to be written, [code, time, words]; `ways` may be a function that gives them.
  async walk(phone, ways, end) {
    const now = typeof ways === "function" ? ways : () => ways;
    const open = () => now().find(([code]) => this.key(phone, code));
    while (true) {
      const way = await this.until(() => (end() ? "end" : open()), `a way on, on ${phone.name}’s phone`);
      if (way === "end") return;
      const [code, time, words] = way;
      if (words === undefined) await this.tap(phone, code, time);
      else await this.write(phone, words, code);
    }
  }

  // Write something, letter by letter; the screen's `code` is not tapped, but is done with.
  async write(phone, words, code = null) {
    if (code !== null) this.answer(this.key(phone, code), code);
    const { input } = phone.composer;
    this.stage.show(phone);
    await this.point(input, 300);
    for (let end = 1; end <= words.length; end += 2) {
      input.value = words.slice(0, end);
      phone.composer.fit();
      await this.rest(32);
    }
    input.value = words;
    await this.rest(350);
    await phone.composer.send();
  }

  answer({ dataset: { data } }, code) {
    this.answered.add(TICKS.has(code) || data.startsWith("!") ? data : screenOf(data));
  }

  // Follow a link; who comes in by it is there a moment later.
  async open(phone, time = 500) {
    if (phone.chatId !== null) return;
    this.stage.show(phone);
    await this.point(phone.find(".open"), time);
    phone.open(true, { quiet: true });
  }

  // The finger goes there, and taps.
  async point(element, time) {
    element.scrollIntoView({ block: "nearest", behavior: "instant" });
    const place = element.getBoundingClientRect();
    this.finger.style.left = `${place.right - Math.min(place.width / 2, 40)}px`;
    this.finger.style.top = `${place.top + place.height / 2}px`;
    this.finger.hidden = false;
    element.classList.add("pointed");
    await this.rest(time);
    this.finger.classList.remove("tapping");
    void this.finger.offsetWidth; // so that the ripple begins anew
    if (!STILL.matches) this.finger.classList.add("tapping");
    element.classList.remove("pointed");
    setTimeout(() => (this.finger.hidden = this.finger.hidden || !document.querySelector(".pointed")), 700);
  }
}

function means(data, code) {
  if (code.startsWith("!")) return data === code || data.startsWith(`${code}.`);
  const does = data.split(".").slice(2).join(".");
  return code.endsWith(".") ? does.startsWith(code) : does === code;
}

function screenOf(data) {
  return data.split(".", 2).join(".");
}
