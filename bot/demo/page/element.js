// An element with a class and a text; never with HTML, since the text may be anything that somebody wrote.
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
