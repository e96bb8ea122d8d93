// The page: its phones, who holds them, and the one stream of news that they all live on.

import { make } from "./element.js";
import { Phone } from "./phone.js";

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
    hint: "Sees how many have joined and how many have said what matters, as honest numbers.",
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
const tabs = document.querySelector(".tabs");
const phones = [];
let run = null;

// The phones

function addPhone(code, name) {
  const role = ROLES[code];
  const others = phones.filter((phone) => phone.role === role).length;
  const number = others ? ` ${others + 1}` : "";
  const phone = new Phone(role, name ?? role.names[others % role.names.length], role.title + number, post);
  phones.push(phone);
  row.append(phone.root);
  phone.tab = addTab(phone, role.tab + number);
  phone.addEventListener("news", () => {
    if (!phone.inView) phone.tab.classList.add("news");
  });
  phone.addEventListener("opened", () => showPhone(phone));
  sight.observe(phone.root);
  return phone;
}

function addTab(phone, label) {
  const tab = make("button", "tab", label);
  tab.type = "button";
  tab.dataset.role = phone.role.code;
  tab.addEventListener("click", () => showPhone(phone));
  tabs.append(tab);
  return tab;
}

// Where one phone fills the screen, also past the page's head.
function showPhone(phone) {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  row.scrollTo({ left: phone.root.offsetLeft - (row.clientWidth - phone.root.offsetWidth) / 2, behavior });
  if (tabs.offsetParent) scrollTo({ top: tabs.parentElement.offsetTop, behavior });
}

const sight = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const phone = phones.find((one) => one.root === entry.target);
      phone.inView = entry.isIntersecting;
      phone.tab.setAttribute("aria-current", String(phone.inView));
      if (!phone.inView) continue;
      phone.tab.classList.remove("news");
      tabs.scrollTo({ left: phone.tab.offsetLeft - tabs.offsetLeft - 24, behavior: "auto" });
    }
  },
  { root: row, threshold: 0.6 },
);

// The phone of a chat: one that is known, the one that is just being opened, an empty one, or one more.
function phoneOf(chat) {
  const known = phones.find((phone) => phone.chatId === chat.chat_id);
  if (known) return known;
  const free = phones.filter((phone) => phone.chatId === null && phone.role.code === chat.role);
  const phone = free.find((one) => one.opening && one.name === chat.name) ?? free[0] ?? addPhone(chat.role, chat.name);
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
  showPhone(phone);
  phone.root.querySelector(".open").focus({ preventScroll: true });
});

for (const code of Object.keys(ROLES)) addPhone(code);
listen();
