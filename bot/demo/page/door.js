// The door of a phone: what it shows before it has met the bot. Its link is an invitation of the programme.

import { make } from "./element.js";
import { LANGUAGES } from "./words.js";

export function dressDoor(phone) {
  const { role, root } = phone;
  root.dataset.role = role.code;
  root.setAttribute("aria-label", `${phone.title}, ${phone.name}’s phone`);
  phone.find("h2").textContent = phone.title;
  phone.find(".owner").textContent = `${phone.name}’s phone`;
  phone.find(".door-hint").textContent = role.hint;
  phone.find(".open").textContent = role.open;
  const group = `language-${crypto.randomUUID()}`;
  for (const [code, name] of LANGUAGES) phone.find(".languages").append(drawLanguage(phone, group, code, name));
  phone.find(".open").addEventListener("click", () => phone.open(true));
  phone.find(".knock").hidden = role.code !== "client";
  phone.find(".knock").addEventListener("click", () => phone.open(false));
}

function drawLanguage(phone, group, code, name) {
  const label = make("label");
  const radio = make("input");
  Object.assign(radio, { type: "radio", name: group, value: code, checked: code === phone.language });
  radio.addEventListener("change", () => phone.speak(code));
  const shown = make("span", "", name);
  shown.lang = code;
  label.append(radio, shown);
  return label;
}
