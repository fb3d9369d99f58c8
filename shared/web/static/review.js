// Going through a reading: from doubt to doubt by keys, between the notice's words and their cards, and who will be told.
const doubts = [...document.querySelectorAll("[data-doubt]")];
const source = document.querySelector(".reading-source .excerpt");
const told = document.querySelector("[data-told]");
const typing = "input, select, textarea";

let at = -1;

function next(step) {
  const focused = doubts.indexOf(document.activeElement);
  at = focused < 0 ? at : focused;
  at = at < 0 && step < 0 ? doubts.length - 1 : (at + step + doubts.length) % doubts.length;
  const details = doubts[at].closest("details");
  if (details) {
    details.open = true;
  }
  doubts[at].focus({ preventScroll: true });
  doubts[at].scrollIntoView({ block: "center" });
}

// Which keys press them, and whether any do, is the business of every page alike.
for (const button of document.querySelectorAll("[data-step]")) {
  button.parentElement.hidden = doubts.length === 0;
  button.addEventListener("click", () => next(Number(button.dataset.step)));
}

document.addEventListener("keydown", (event) => {
  const box = document.activeElement;
  if (event.key === "Escape" && box.matches(typing) && box.type !== "checkbox") {
    const card = box.closest(".reading-card");
    (card?.querySelector("[data-doubt]") ?? card)?.focus({ preventScroll: true });
  }
});

// The words of the card that one is at are shown, as far as the notice has a window of its own.
function show(card) {
  if (!source || !card) {
    return;
  }
  const marks = [...source.querySelectorAll("mark[data-ordinals]")];
  const mine = marks.filter((mark) => mark.dataset.ordinals.split(" ").includes(card.dataset.ordinal));
  for (const mark of source.querySelectorAll("mark.current")) {
    mark.classList.remove("current");
  }
  for (const mark of mine) {
    mark.classList.add("current");
  }
  const above = mine.length > 0 ? mine[0].getBoundingClientRect().top - source.getBoundingClientRect().top : 0;
  if (above < 0 || above > source.clientHeight * 0.8) {
    source.scrollBy({ top: above - source.clientHeight / 3 });
  }
}

const cards = [...document.querySelectorAll(".reading-card")];
for (const card of cards) {
  card.addEventListener("focusin", () => show(card));
}

// While one scrolls through the cards, the notice goes along with the one that is being read.
const seen = new Set();
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      seen.add(entry.target);
    } else {
      seen.delete(entry.target);
    }
  }
  if (!document.activeElement.closest(".reading-card")) {
    show(cards.find((card) => seen.has(card)));
  }
}, { rootMargin: "-20% 0px -60% 0px" });
cards.forEach((card) => watcher.observe(card));

source?.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-ordinals]");
  if (mark && getSelection().isCollapsed) {
    event.preventDefault();
    const card = document.getElementById(`d${mark.dataset.ordinals.split(" ")[0]}`);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "center" });
  }
});

// Names that may be meant become buttons that fill their box in.
for (const line of document.querySelectorAll("[data-fill]")) {
  for (const name of line.querySelectorAll(".reading-choice")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reading-choice";
    button.lang = name.lang;
    button.textContent = name.textContent;
    button.addEventListener("click", () => {
      const box = document.getElementById(line.dataset.fill);
      box.value = button.textContent;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
    name.replaceWith(button);
  }
}

function element(name, text, lang) {
  const made = document.createElement(name);
  made.textContent = text;
  if (lang) {
    made.lang = lang;
  }
  return made;
}

function table(found) {
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  for (const words of [told.dataset.unit, told.dataset.person, told.dataset.why]) {
    const cell = element("th", words);
    cell.scope = "col";
    head.append(cell);
  }
  const body = made.createTBody();
  const people = [...found.people].sort((one, other) => (one.unit ?? "").localeCompare(other.unit ?? "", "vi"));
  for (const person of people) {
    const row = body.insertRow();
    row.append(element("td", person.unit ?? "", "vi"), element("td", person.name, "vi"));
    row.append(element("td", person.reasons.map((reason) => reason[told.dataset.language]).join("; ")));
  }
  return made;
}

function unreached(found) {
  const list = document.createElement("ul");
  for (const each of found.unreached) {
    const line = element("li", ": " + each.why[told.dataset.language]);
    line.prepend(element("span", `“${each.phrase}”`, "vi"));
    list.append(line);
  }
  return list;
}

async function ask() {
  const form = document.querySelector("[data-proposal]");
  const answer = await fetch(told.dataset.told, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Form-Token": form.elements.form_token.value },
    body: JSON.stringify({ tasks: JSON.parse(form.elements.tasks.value) }),
  });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  const found = await answer.json();
  const shown = found.people.length > 0 ? [table(found)] : [element("p", told.dataset.nobody)];
  if (found.unreached.length > 0) {
    shown.push(element("h3", told.dataset.unreached), unreached(found));
  }
  told.replaceChildren(...shown);
  form.hidden = true;
}

if (told) {
  ask().catch(() => {
    const failed = element("p", told.dataset.failed);
    failed.setAttribute("role", "alert");
    told.replaceChildren(failed);
  });
}
