// An answer that must be read: nothing else on the phone can be touched until it is put away.

import { languageOf } from "./words.js";

export function openAlert(alert, screen, text) {
  const before = document.activeElement;
  const close = alert.querySelector("button");
  alert.querySelector("p").textContent = text;
  alert.lang = languageOf(text);
  alert.setAttribute("aria-label", text);
  alert.hidden = false;
  screen.inert = true;
  close.focus();
  close.onclick = () => {
    alert.hidden = true;
    screen.inert = false;
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  alert.onkeydown = (event) => {
    if (event.key === "Escape") close.click();
  };
}
