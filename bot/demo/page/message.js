// One message as an element: its words with their entities, what it carries, its time and its buttons.

import { make } from "./element.js";
import { clockOf } from "./sky.js";
import { drawVoice } from "./sound.js";
import { languageOf } from "./words.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  blockquote: "q",
  spoiler: "span",
};
const SAFE_LINK = /^(https?|tg|tel|mailto):/i;
const INVITATION = /^(?:https:\/\/t\.me\/|tg:\/\/resolve\?domain=)\w+[?&]start=([\w-]{1,64})$/;

// `hands` is what a person can do with it: tap(id, data, button), copy(text), say(text), follow(start); `words` are the
// app's own words.
export function drawMessage(message, words, hands) {
  const row = make("article", `row ${message.out ? "out" : "in"}`);
  row.dataset.id = message.message_id;
  fillMessage(row, message, words, hands);
  return row;
}

export function fillMessage(row, message, words, hands) {
  const bubble = make("div", "bubble");
  if (message.kind !== "text") bubble.append(drawMedia(message, words));
  if (message.text) bubble.append(drawText(message, hands));
  bubble.append(...drawInvitations(message, words, hands));
  bubble.append(drawTime(message, words));
  row.replaceChildren(bubble);
  if (message.buttons.length) row.append(drawKeys(message, hands));
}

function drawText(message, hands) {
  // A link's payload travels with /start; Telegram's apps do not show it.
  const shown = message.out ? message.text.replace(/^\/start \S+$/, "/start") : message.text;
  const text = make("div", "text");
  text.lang = languageOf(shown);
  text.append(...drawEntities(shown, message.entities, hands));
  return text;
}

// Offsets and lengths are UTF-16 units, which is how JavaScript counts. Entities may nest and touch.
function drawEntities(text, entities, hands) {
  const edges = new Set([0, text.length]);
  for (const { offset, length } of entities) edges.add(offset).add(offset + length);
  const places = [...edges].filter((place) => place <= text.length).sort((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1];
    const around = entities.filter((one) => one.offset <= start && one.offset + one.length >= end);
    const piece = text.slice(start, end);
    return around.reduceRight((inner, entity) => wrap(entity, inner, piece, hands), document.createTextNode(piece));
  });
}

function wrap(entity, inner, piece, hands) {
  const element = makeEntity(entity, piece, hands);
  if (!element) return inner;
  element.append(inner);
  return element;
}

function makeEntity(entity, piece, hands) {
  if (entity.type === "bot_command") {
    const button = make("button", "command");
    button.type = "button";
    button.addEventListener("click", () => hands.say(piece));
    return button;
  }
  if (entity.type === "text_link" || entity.type === "url") {
    const start = INVITATION.exec(entity.url ?? piece)?.[1];
    return start ? makeFollow(start, "command", hands) : makeLink(entity.url ?? piece);
  }
  if (entity.type === "spoiler") {
    const hidden = make("button", "spoiler");
    hidden.type = "button";
    hidden.addEventListener("click", () => hidden.classList.add("shown"), { once: true });
    return hidden;
  }
  const tag = TAGS[entity.type];
  return tag ? make(tag, entity.type) : null;
}

function makeLink(address) {
  if (!SAFE_LINK.test(address)) return null;
  const link = make("a", "link");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function drawMedia(message, words) {
  if (!message.media_url) return make("p", "media", message.kind);
  if (message.kind === "voice") return drawVoice(message.media_url, words);
  if (message.kind === "photo") {
    const photo = make("img", "photo");
    photo.alt = words.photo;
    photo.src = message.media_url;
    return photo;
  }
  const link = make("a", "media file");
  link.append(make("span", "file-name", message.file_name || words.file), make("span", "file-open", words.file));
  link.href = message.media_url;
  link.target = "_blank";
  return link;
}

// A link that invites somebody opens a phone here: in Telegram it would open the chat on theirs.
function drawInvitations(message, words, hands) {
  const linked = message.entities.filter((one) => one.type === "text_link" || one.type === "url");
  const addresses = linked.map((one) => one.url ?? message.text.slice(one.offset, one.offset + one.length));
  const starts = new Set(addresses.map((address) => INVITATION.exec(address)?.[1]).filter(Boolean));
  return [...starts].map((start) => {
    const button = makeFollow(start, "invitation", hands);
    button.textContent = words.follow;
    return button;
  });
}

function makeFollow(start, className, hands) {
  const button = make("button", className);
  button.type = "button";
  button.addEventListener("click", () => hands.follow(start));
  return button;
}

function drawTime(message, words) {
  const time = make("time", "time", clockOf(message.date));
  time.dateTime = new Date(message.date * 1000).toISOString();
  if (message.edited && message.out) time.prepend(`${words.edited} `);
  return time;
}

function drawKeys(message, hands) {
  const keys = make("div", "keys");
  for (const buttons of message.buttons) {
    const line = make("div", "keys-row");
    line.append(...buttons.map((button) => drawKey(message, button, hands)));
    keys.append(line);
  }
  return keys;
}

function drawKey(message, button, hands) {
  const start = INVITATION.exec(button.url ?? "")?.[1];
  const isLink = !start && Boolean(button.url) && SAFE_LINK.test(button.url);
  const key = isLink ? makeLink(button.url) : make("button");
  key.className = `key ${button.style ?? ""}`;
  key.lang = languageOf(button.text);
  key.append(make("span", "key-label", button.text));
  if (isLink) key.append(make("span", "key-mark", "↗"));
  if (button.copy !== undefined) key.append(make("span", "key-mark", "⧉"));
  if (isLink) return key;
  key.type = "button";
  if (button.data !== undefined) key.dataset.data = button.data;
  if (start) key.addEventListener("click", () => hands.follow(start));
  else if (button.copy !== undefined) key.addEventListener("click", () => hands.copy(button.copy));
  else key.addEventListener("click", () => hands.tap(message.message_id, button.data, key));
  return key;
}
