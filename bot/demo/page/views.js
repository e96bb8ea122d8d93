// What is looked at: on a wide screen the column beside the phones and a row of phones, on a narrow one a thing at a time.

import { make } from "./element.js";

const NARROW = matchMedia("(max-width: 62rem)");
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export class Views {
  constructor() {
    this.stage = document.querySelector(".stage");
    this.row = document.querySelector(".phones");
    this.tabs = document.querySelector(".tabs");
    this.entries = new Map(); // an element to its tab
    this.seen = new Set();
    this.sight = new IntersectionObserver((found) => this.look(found), { threshold: 0.6 });
    this.add(document.getElementById("about"), "First Say");
    this.add(document.getElementById("store"), "Store");
    for (const button of document.querySelectorAll("[data-leaf]")) {
      button.addEventListener("click", () => this.turnTo(button.dataset.leaf));
    }
    this.turnTo("story");
  }

  // One more thing to look at, with its tab; `before` another one.
  add(element, label, before = null) {
    const tab = make("button", "tab", label);
    tab.type = "button";
    if (element.dataset.role) tab.dataset.role = element.dataset.role;
    tab.addEventListener("click", () => this.show(element));
    this.tabs.insertBefore(tab, before ? this.entries.get(before) : null);
    this.entries.set(element, tab);
    this.sight.observe(element);
    return tab;
  }

  // What the column shows on a wide screen: story, round or store.
  turnTo(leaf) {
    document.querySelector(".side").dataset.leaf = leaf;
    for (const button of document.querySelectorAll("[data-leaf]:is(button)")) {
      button.setAttribute("aria-pressed", String(button.dataset.leaf === leaf));
    }
  }

  // Bring a leaf of the column into view.
  open(leaf) {
    this.turnTo(leaf);
    if (NARROW.matches) this.show(document.getElementById(leaf === "store" ? "store" : "about"));
  }

  show(element) {
    const behavior = STILL.matches ? "auto" : "smooth";
    const scroller = NARROW.matches ? this.stage : this.row;
    const middle = element.offsetLeft - scroller.offsetLeft - (scroller.clientWidth - element.offsetWidth) / 2;
    scroller.scrollTo({ left: middle, behavior });
  }

  // Something happened there: a mark on its tab, as long as it is out of sight.
  mark(element) {
    if (!this.seen.has(element)) this.entries.get(element).classList.add("news");
  }

  look(found) {
    for (const { target, isIntersecting } of found) {
      const tab = this.entries.get(target);
      tab.setAttribute("aria-current", String(isIntersecting));
      if (!isIntersecting) {
        this.seen.delete(target);
        continue;
      }
      this.seen.add(target);
      tab.classList.remove("news");
      this.tabs.scrollTo({ left: tab.offsetLeft - this.tabs.offsetLeft - 24, behavior: "auto" });
    }
  }
}
