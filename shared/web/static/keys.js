// Keys for whoever works without a mouse. Everything that they do can be done without them, and they can be switched off.
//
// What a page has of its own says so in its markup: data-key="a" on a link, a button or a field. A page's own script may
// do with the key what it likes, by preventDefault; otherwise the element is pressed, or gets the focus.
const dialog = document.getElementById("keys");
const opener = document.getElementById("keys-open");
const chosen = document.getElementById("keys-used");
const ENTRIES = ".register > li, tbody > tr";
const LEADING = "h2 a, h3 a, th a, [data-leads]";
const KEPT = "ketluan-keys";
const BEHIND_MILLISECONDS = 1500;
let behind = 0;

function isUsed() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function keep(used) {
  try {
    if (used) {
      localStorage.removeItem(KEPT);
    } else {
      localStorage.setItem(KEPT, "off");
    }
  } catch {
    // A browser that keeps nothing has the keys on each page anew.
  }
}

function isTyping(target) {
  return target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio], [type=button]), select, textarea");
}

function isSeen(element) {
  return element.offsetParent !== null && !element.disabled;
}

function entries() {
  const found = [];
  for (const entry of document.querySelectorAll(ENTRIES)) {
    const link = entry.querySelector(LEADING) ?? entry.querySelector("a[href]");
    if (link && isSeen(link)) {
      found.push({ entry, link });
    }
  }
  return found;
}

function move(step) {
  const found = entries();
  const now = found.findIndex(({ entry }) => entry.contains(document.activeElement));
  const next = found[now < 0 ? (step > 0 ? 0 : found.length - 1) : now + step];
  if (!next) {
    say(step > 0 ? dialog.dataset.last : dialog.dataset.first);
    return;
  }
  next.link.focus();
  next.entry.scrollIntoView({ block: "nearest" });
}

function say(words) {
  document.getElementById("keys-said").textContent = words;
}

function press(element) {
  if (element.matches("input:not([type=submit], [type=checkbox], [type=radio]), select, textarea")) {
    element.focus();
  } else {
    element.click();
  }
}

function words(element) {
  return element.dataset.keyWords ?? element.getAttribute("aria-label") ?? element.textContent.trim();
}

function list(place, prefix, elements) {
  place.replaceChildren();
  for (const [key, element] of elements) {
    const line = document.createElement("div");
    const name = document.createElement("dt");
    const what = document.createElement("dd");
    for (const part of [...prefix, key]) {
      const cap = document.createElement("kbd");
      cap.textContent = part;
      name.append(cap, " ");
    }
    what.textContent = words(element);
    line.append(name, what);
    place.append(line);
  }
  place.closest("section").hidden = elements.size === 0;
}

function own() {
  const found = new Map();
  for (const element of document.querySelectorAll("main [data-key]")) {
    if (element.dataset.key.length === 1 && isSeen(element) && !found.has(element.dataset.key)) {
      found.set(element.dataset.key, element);
    }
  }
  return found;
}

function sections() {
  return new Map([...document.querySelectorAll(".sections [data-goes]")].map((link) => [link.dataset.goes, link]));
}

function open() {
  list(document.getElementById("keys-own"), [], own());
  list(document.getElementById("keys-sections"), ["g"], sections());
  chosen.checked = isUsed();
  dialog.showModal();
}

function pressed(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (!isUsed() || isTyping(target) || dialog.open || document.querySelector("dialog[open]")) {
    return;
  }
  if (behind && Date.now() - behind < BEHIND_MILLISECONDS && sections().has(key)) {
    behind = 0;
    event.preventDefault();
    sections().get(key).click();
    return;
  }
  behind = key === "g" ? Date.now() : 0;
  const search = document.getElementById("q");
  if (key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (key === "?") {
    event.preventDefault();
    open();
  } else if (own().has(key)) {
    event.preventDefault();
    press(own().get(key));
  } else if (key === "j" || key === "k") {
    event.preventDefault();
    move(key === "j" ? 1 : -1);
  }
}

if (dialog) {
  opener.hidden = false;
  opener.addEventListener("click", open);
  chosen.addEventListener("change", () => keep(chosen.checked));
  // A page's own script listens to the document, and so comes first.
  window.addEventListener("keydown", pressed);
  document.getElementById("q")?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.value) {
      event.target.blur();
    }
  });
}
