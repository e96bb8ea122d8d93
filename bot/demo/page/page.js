// The page: its phones, who holds them, and the one stream of news that everything on it lives on.

import { CASH } from "./cash.js";
import { KillSwitch } from "./kill.js";
import { Others } from "./others.js";
import { Phone } from "./phone.js";
import { WISH } from "./plot.js";
import { ROUND } from "./round.js";
import { Sky } from "./sky.js";
import { StorePanel } from "./store.js";
import { Narrator, Story } from "./story.js";
import { Views } from "./views.js";

const ROLES = {
  client: {
    code: "client",
    title: "Client",
    tab: "Client",
    names: ["Thiri", "Kyaw", "Sokha", "Mai"],
    hint: "Says what matters now, and decides who may hear of it.",
    open: "Open the client’s link",
  },
  caseworker: {
    code: "caseworker",
    title: "Caseworker",
    tab: "Caseworker",
    names: ["Nilar", "Arun", "Dara"],
    hint: "Hears when a client wants contact, takes it up, and writes back.",
    open: "Open the caseworker’s link",
  },
  lead: {
    code: "lead",
    title: "Programme lead",
    tab: "Lead",
    names: ["Soe", "Ploy"],
    hint: "Plans whom to ask and when, and sees honest numbers: how many, never who.",
    open: "Open the lead’s link",
  },
};
const BOT = {
  starting: "The bot is starting…",
  running: "The bot is running.",
  stopped: "The bot has stopped and is being started again. What was said is kept.",
  gone: "The demonstration has ended. Start it again with: firstsay demo",
};

const row = document.querySelector(".phones");
const phones = [];
const views = new Views();
const roundFacts = { round: ROUND.nothing, others: null };
let run = null;

// The phones

// One more phone, beside the others of its role.
function addPhone(code, name) {
  const role = ROLES[code];
  const others = phones.filter((phone) => phone.role === role);
  const number = others.length ? ` ${others.length + 1}` : "";
  const phone = new Phone(role, name ?? role.names[others.length % role.names.length], role.title + number, post);
  const next = phones[phones.indexOf(others.at(-1)) + 1]?.root ?? null;
  const place = others.length ? next : null;
  row.insertBefore(phone.root, place);
  phones.splice(place ? phones.findIndex((one) => one.root === place) : phones.length, 0, phone);
  views.add(phone.root, role.tab + number, place ?? document.getElementById("store"));
  phone.addEventListener("news", () => views.mark(phone.root));
  phone.addEventListener("opened", () => views.show(phone.root));
  phone.addEventListener("link", (event) => follow(event.start));
  return phone;
}

// The phone of this role and name that the story is played on; a new one where there is none.
function castPhone(code, name) {
  return phones.find((phone) => phone.role.code === code && phone.name === name) ?? addPhone(code, name);
}

// An invitation that stood in a message is opened by whoever it was meant for.
async function follow(start) {
  const { role } = await post(`/demo/link/${encodeURIComponent(start)}`, null).catch(() => ({ role: "client" }));
  const phone = phones.find((one) => one.role.code === role && one.chatId === null) ?? addPhone(role);
  await phone.open(false, { link: start });
}

// The phone of a chat: one that is known, the one that is just being opened, an empty one, or one more.
function phoneOf(chat) {
  const known = phones.find((phone) => phone.chatId === chat.chat_id);
  if (known) return known;
  const free = phones.filter((phone) => phone.chatId === null && phone.role.code === chat.role);
  const named = free.filter((one) => one.name === chat.name);
  const phone = named.find((one) => one.opening) ?? named[0] ?? addPhone(chat.role, chat.name);
  phone.bind(chat);
  return phone;
}

// The server

// POST a body (JSON, or a sound as it is); without one (null): GET. Gives the answer; throws what was refused.
async function post(path, body = {}) {
  const options = body === null ? {} : { method: "POST", body: body instanceof Blob ? body : JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.error ?? response.statusText), { refused: true });
}

function showBot(state) {
  const line = document.querySelector(".bot-state");
  line.dataset.state = state;
  line.textContent = BOT[state];
}

function listen() {
  const news = new EventSource("/demo/events");
  const on = (kind, act) => news.addEventListener(kind, (event) => act(JSON.parse(event.data)));
  const onPhone = (kind, act) =>
    on(kind, (told) => {
      const phone = phones.find((one) => one.chatId === told.chat_id);
      if (phone) act(phone, told);
    });
  on("hello", (told) => {
    // Another start of the demo: these phones are of a chat that is over.
    if (run !== null && run !== told.run) location.reload();
    run = told.run;
  });
  on("bot", (told) => showBot(told.state));
  on("time", (told) => sky.take(told));
  on("kill", (told) => kill.show(told));
  on("others", (told) => {
    others.take(told);
    takeRound({ others: told });
  });
  on("round", (told) => takeRound({ round: told }));
  on("cash", (told) => cash.take(told));
  on("store", (told) => {
    wish.take(told);
    store.refresh();
  });
  on("screen", (told) => {
    const phone = phoneOf(told);
    phone.showBlocked(told.blocked);
    phone.showScreen(told.messages);
  });
  onPhone("message", (phone, told) => phone.showMessage(told.message));
  onPhone("edit", (phone, told) => phone.showEdit(told.message));
  onPhone("delete", (phone, told) => phone.showDeletion(told.message_ids));
  onPhone("clear", (phone) => phone.showScreen([]));
  onPhone("typing", (phone, told) => phone.showTyping(told.action));
  onPhone("blocked", (phone, told) => phone.showBlocked(told.blocked));
  news.addEventListener("error", () => showBot("gone"));
}

// The facts of a round come from two sides: from the store, and from the others themselves.
function takeRound(news) {
  Object.assign(roundFacts, news);
  round.take({ ...roundFacts.round, others: roundFacts.others });
}

// Small cards that open: one at a time, and they close with Escape or when something else is touched.

function closeCards(except) {
  for (const card of document.querySelectorAll("details.pop[open]")) {
    if (!card.contains(except)) card.open = false;
  }
}

document.addEventListener("pointerdown", (event) => closeCards(event.target));
document.addEventListener("focusin", (event) => closeCards(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const card = document.activeElement?.closest("details.pop[open]");
  closeCards(null);
  card?.querySelector("summary").focus();
});

document.querySelector(".add").addEventListener("click", (event) => {
  const code = event.target.dataset?.role;
  if (!code) return;
  document.querySelector(".add").open = false;
  const phone = addPhone(code);
  views.show(phone.root);
  phone.root.querySelector(".open").focus({ preventScroll: true });
});

for (const code of Object.keys(ROLES)) addPhone(code);
const sky = new Sky(post);
const kill = new KillSwitch(post);
const store = new StorePanel(post, () => views.mark(document.getElementById("store")));
const others = new Others(post, () => views.open("round"));
const stage = {
  cast: castPhone,
  show: (phone) => views.show(phone.root),
  open: (leaf) => views.open(leaf),
  unlock: (withKey) => store.turnKey(withKey),
  letIn: () => others.letIn(),
  sky,
};
const narrator = new Narrator();
const wish = new Story(document.querySelector(".wish"), WISH, stage, narrator);
const cash = new Story(document.querySelector(".cash-story"), CASH, stage, narrator);
const round = new Story(document.querySelector(".round-story"), ROUND, stage, narrator);
listen();
