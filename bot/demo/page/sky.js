// The demo's time: in the sky above the phones, and on every phone.

const REFRESH_SECONDS = 60;

let ahead = 0;
let zone = undefined;

// Seconds since 1970, as the demo has it.
export function demoNow() {
  return Date.now() / 1000 + ahead;
}

// A moment (seconds since 1970) as a clock on the wall of the programme shows it.
export function clockOf(moment) {
  return format(moment, { hour: "2-digit", minute: "2-digit" });
}

function format(moment, parts) {
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone }).format(moment * 1000);
}

export class Sky {
  constructor(post) {
    this.post = post;
    this.root = document.querySelector(".sky");
    this.told = null;
    for (const button of this.root.querySelectorAll("[data-pass]")) {
      button.addEventListener("click", () => this.pass(button.dataset.pass));
    }
    setInterval(() => this.told && this.show(), 1000);
    setInterval(() => this.told && this.refresh(), REFRESH_SECONDS * 1000);
  }

  // Let time pass: an `hour`, a `week`, or until the next `morning` or `evening`.
  async pass(what) {
    this.take(await this.post("/demo/time", { pass: what }));
  }

  async refresh() {
    this.take(await this.post("/demo/time", null).catch(() => this.told));
  }

  // {"ahead" seconds before the machine's clock, "zone", "open" somebody answers, "opens_at"}
  take(told) {
    this.told = told;
    ahead = told.ahead;
    zone = told.zone;
    this.show();
  }

  show() {
    const now = demoNow();
    const hour = Number(format(now, { hour: "2-digit", hourCycle: "h23" }));
    const night = hour < 6 || hour >= 20;
    document.documentElement.dataset.sky = night ? "night" : "day";
    this.root.hidden = false;
    this.write("time", clockOf(now));
    this.write(".date", format(now, { weekday: "long", day: "numeric", month: "long" }));
    this.write(".answering", this.told.open ? "Somebody answers now." : `Nobody answers until ${clockOf(this.told.opens_at)}.`);
    for (const clock of document.querySelectorAll(".clock")) clock.textContent = clockOf(now);
  }

  write(selector, text) {
    const element = this.root.querySelector(selector);
    if (element.textContent !== text) element.textContent = text;
  }
}
