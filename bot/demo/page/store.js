// The panel that shows what the programme stores: every table as it stands in the file, and what just changed in it.

import { make } from "./element.js";
import { languageOf } from "./words.js";

// Each table: what it is called here, what it is for, and which of its open columns say something.
const DRAWERS = {
  people: ["People", "Who takes part. Roles stand open; chat and name are sealed.", ["role", "language"]],
  identities: ["Keys", "A key for each person, itself locked by the programme’s own, which lies elsewhere.", ["code"]],
  responses: ["Answers", "What clients rated. Numbers stand open by code; every own word is sealed.", ["item", "status", "value"]],
  consents: ["Consents", "Every yes and every no, with the words that it was given to.", ["purpose", "granted"]],
  alerts: ["Wishes", "Who wants contact, how soon, and who has it. About what, is sealed.", ["level", "state"]],
  lines: ["Talk", "What client and caseworker write to each other, under the client’s key.", []],
  sessions: ["Places", "Where everybody is in the conversation, so that a crash loses nothing.", ["script", "state"]],
  outbox: ["Outgoing", "What is to be sent. Once it is sent, its words are wiped.", ["purpose", "state"]],
  plans: ["Plans", "What leads want to ask, whom, and how often.", ["instrument", "repeat", "state"]],
  rounds: ["Rounds", "Each time that a plan comes round.", ["number", "state"]],
  askings: ["Askings", "Whom a round asks, and what became of it. No words.", ["state", "reason"]],
  readings: ["Readings", "Whenever somebody of the team opens a client’s words, that is noted.", ["what"]],
  voices: ["Voice", "Voice notes, sealed like words.", ["seconds", "state"]],
  feedback: ["Feedback", "Words to the programme lead, sealed.", ["named"]],
  messages: ["Traces", "Which messages stand in a chat, so that they can be cleared. No words.", []],
  invitations: ["Links", "Links that work once: a fingerprint, not the link.", ["role"]],
  letters: ["Unread", "What could not be handled, sealed, for a person to read.", []],
  erased: ["Erased", "That somebody was erased. Nothing else of them is left.", []],
};
const MOST_SHOWN = 14;
const LEAST_PAUSE = 200;
const LOOK_AGAIN = 1500;
const SEALED = "As it lies in the file. Without the key, nobody reads a client’s words in it.";
const OPENED = "With the key, which lies elsewhere. Only a demonstration shows this.";
const LATEST = "What was sealed last. A drawer shows its own rows.";
const GOING_SECONDS = 2.6;
// What comes and goes with every tap lights up its drawer only.
const BUSY = new Set(["outbox", "sessions", "messages", "invitations"]);

// `changed` is called when something stored has changed.
export class StorePanel {
  constructor(post, changed) {
    this.post = post;
    this.changed = changed;
    this.root = document.getElementById("store");
    this.tables = new Map();
    this.latest = []; // [table, id], what was sealed last first
    this.stillUntil = 0; // until then, what went is seen going
    this.drawer = null;
    this.withKey = false;
    this.busy = false;
    this.find(".drawers").append(...Object.entries(DRAWERS).map(([name, [title]]) => this.drawTile(name, title)));
    this.find(".unlock").addEventListener("click", () => this.turnKey(!this.withKey));
    this.write();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  drawTile(name, title) {
    const tile = make("button", "tile");
    tile.type = "button";
    tile.dataset.table = name;
    tile.setAttribute("aria-pressed", "false");
    tile.append(make("span", "tile-name", title), make("span", "tile-total", "0"));
    tile.addEventListener("click", () => this.pull(this.drawer === name ? null : name));
    return tile;
  }

  turnKey(withKey) {
    this.withKey = withKey;
    this.find(".unlock").setAttribute("aria-checked", String(this.withKey));
    this.write();
    this.refresh();
  }

  // Pull out one drawer; null: see what changed last in all of them.
  pull(name) {
    this.drawer = name;
    for (const tile of this.root.querySelectorAll(".tile")) {
      tile.setAttribute("aria-pressed", String(tile.dataset.table === name));
    }
    this.write();
    this.drawRows(new Set());
  }

  write() {
    this.find(".store-word").textContent = this.withKey ? OPENED : SEALED;
    this.find(".drawer-word").textContent = this.drawer ? DRAWERS[this.drawer][1] : LATEST;
  }

  // Something in the store has changed. Comes back by itself where more changes meanwhile.
  async refresh() {
    this.again = true;
    if (this.busy) return;
    this.busy = true;
    while (this.again) {
      this.again = false;
      const told = await this.post(`/demo/store${this.withKey ? "?key=1" : ""}`, null).catch(() => null);
      if (told) this.take(told);
      await new Promise((resolve) => setTimeout(resolve, LEAST_PAUSE));
    }
    this.busy = false;
  }

  take({ tables, erased }) {
    const first = this.tables.size === 0;
    const before = this.tables;
    this.tables = new Map(tables.filter(({ name }) => name in DRAWERS).map((table) => [table.name, table]));
    const lit = new Set();
    for (const table of this.tables.values()) {
      const old = new Map((before.get(table.name)?.rows ?? []).map((row) => [row.id, stamp(row)]));
      const fresh = table.rows.filter((row) => old.get(row.id) !== stamp(row));
      for (const row of fresh.reverse()) {
        lit.add(`${table.name} ${row.id}`);
        if (BUSY.has(table.name) || Object.keys(row.sealed).length === 0) continue;
        this.latest = [[table.name, row.id], ...this.latest.filter(([name, id]) => name !== table.name || id !== row.id)];
      }
      this.showTile(table, fresh.length > 0 && !first, before.get(table.name));
    }
    this.showErased(before, erased);
    this.latest = this.latest.filter(([name, id]) => this.row(name, id)).slice(0, 60);
    if (Date.now() >= this.stillUntil) this.drawRows(first ? new Set() : lit);
    if (lit.size && !first) this.changed();
  }

  row(name, id) {
    return this.tables.get(name)?.rows.find((row) => row.id === id);
  }

  showTile(table, lit, before) {
    const tile = this.root.querySelector(`.tile[data-table="${table.name}"]`);
    tile.querySelector(".tile-total").textContent = table.total;
    tile.classList.toggle("empty", table.total === 0);
    const fell = before !== undefined && table.total < before.total;
    if (lit || fell) flash(tile, fell ? "fell" : "lit");
  }

  // Somebody was erased: how many rows went with them, and whether any of their sealed words is left in the file.
  showErased(before, erased) {
    const now = this.tables.get("erased")?.total ?? 0;
    const line = this.find(".gone");
    if (before.size && now > before.get("erased").total) {
      const fallen = [...this.tables.values()].map((table) => before.get(table.name).total - table.total).filter((by) => by > 0);
      this.fallen = [fallen.reduce((sum, by) => sum + by, 0), fallen.length];
      this.letGo();
    }
    if (!this.fallen) return;
    const [rows, drawers] = this.fallen;
    const { texts, left } = erased.at(-1);
    const remains = left ? `${left} still lie in the files, and no key opens them; they are wiped in a moment` : "none is left in the files";
    const looked = texts ? ` Of the ${texts} sealed texts of theirs that stood here, ${remains}.` : "";
    line.textContent = `Their key is destroyed. ${rows} rows are gone from ${drawers} drawers.${looked}`;
    line.hidden = false;
    if (left) setTimeout(() => this.refresh(), LOOK_AGAIN);
  }

  // Let the rows that went be seen going, before the others close up.
  letGo() {
    for (const record of this.root.querySelectorAll(".record")) {
      record.classList.toggle("going", !this.row(record.dataset.table, record.dataset.id));
    }
    this.stillUntil = Date.now() + GOING_SECONDS * 1000;
    setTimeout(() => this.drawRows(new Set()), GOING_SECONDS * 1000);
  }

  drawRows(lit) {
    const wanted = this.drawer
      ? (this.tables.get(this.drawer)?.rows ?? []).map((row) => [this.drawer, row.id])
      : this.latest;
    const rows = wanted.slice(0, MOST_SHOWN).map(([name, id]) => drawRecord(name, this.row(name, id), lit.has(`${name} ${id}`)));
    this.find(".rows").replaceChildren(...rows);
  }
}

function drawRecord(name, row, lit) {
  const [title, , columns] = DRAWERS[name];
  const record = make("li", lit ? "record lit" : "record");
  Object.assign(record.dataset, { table: name, id: row.id });
  const cells = columns.filter((column) => column in row.cells).map((column) => row.cells[column]);
  const head = make("p", "record-head");
  head.append(make("strong", "", title), " ", make("span", "record-id", `#${row.id.slice(-5)}`), " ", make("span", "", cells.join(" · ")));
  record.append(head, ...Object.entries(row.sealed).map(([column, sealed]) => drawSealed(column, sealed)));
  return record;
}

function drawSealed(column, { hex, bytes, words }) {
  const line = make("p", "sealed");
  if (words === undefined || words === null) {
    const wiped = bytes === 0;
    line.append(make("code", "", wiped ? "" : hex + (bytes > hex.length / 3 + 1 ? " …" : "")));
    line.append(make("span", "bytes", wiped ? "wiped" : ` ${bytes} bytes`));
  } else {
    line.classList.add("opened");
    const said = make("span", "", saying(words));
    said.lang = languageOf(said.textContent);
    line.append(said);
  }
  line.title = column;
  return line;
}

// Words as they were said; anything else as a list of what it holds.
function saying(words) {
  if (typeof words.text === "string") return `“${words.text}”`;
  const written = list(words.payload?.text ?? words);
  return written.length > 160 ? `${written.slice(0, 159)}…` : written;
}

function list(value) {
  if (Array.isArray(value)) return value.map(list).join(", ");
  if (value === null || typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, inside]) => `${name}: ${list(inside)}`).join(" · ");
}

// What a row is, apart from whether it is opened.
function stamp({ cells, sealed }) {
  return JSON.stringify([cells, Object.values(sealed).map(({ hex, bytes }) => [hex, bytes])]);
}

function flash(element, name) {
  element.classList.remove("lit", "fell");
  void element.offsetWidth; // so that it begins anew
  element.classList.add(name);
}
