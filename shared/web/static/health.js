// Asks every service how it stands, every five seconds while the page is in view. Without script each one has a link.
const EVERY_MILLISECONDS = 5000;
const asked = document.getElementById("asked");
const grouped = new Intl.NumberFormat(document.documentElement.lang === "vi" ? "vi-VN" : "en-GB");
let timer = null;

function show(item, section, state, said) {
  const mark = item.querySelector(".gutter > span");
  mark.className = state === "unknown" ? "quiet" : state;
  mark.textContent = section.dataset[state];
  item.querySelector("[data-said]").textContent = said ?? "";
  item.querySelector(".wrongly").hidden = !said;
}

function reading(section, read) {
  const place = section.querySelector("[data-read]");
  const last = Number(document.querySelector("[data-last]").dataset.last || read);
  if (place && read !== undefined) {
    const words = last > read ? section.dataset.behind : section.dataset.caughtUp;
    place.textContent = `${words.replace("{count}", grouped.format(last - read)).replace("{read}", grouped.format(read))}.`;
  }
}

async function ask(section) {
  const away = section.querySelector("[data-away]");
  let standing = null;
  try {
    const answer = await fetch(section.dataset.readyz, { headers: { Accept: "application/json" } });
    standing = await answer.json();
  } catch {
    standing = null;
  }
  const answers = standing?.checks !== undefined;
  away.hidden = answers;
  section.querySelector("[data-unasked]").hidden = true;
  for (const item of section.querySelectorAll("[data-name]")) {
    const { name, kind } = item.dataset;
    if (!answers) {
      show(item, section, "unknown");
    } else if (kind === "check") {
      const said = standing.checks[name];
      show(item, section, said === "ok" ? "well" : said === undefined ? "unknown" : "ill", said === "ok" ? "" : said);
    } else {
      show(item, section, standing.notes[name] ? "look" : "well", standing.notes[name]);
    }
  }
  const sum = section.querySelector("[data-sum]");
  const worst = !standing?.ready ? ["ill", "down"] : Object.keys(standing.notes).length ? ["look", "noted"] : ["well", "works"];
  section.querySelector("[data-colon]").hidden = false;
  [sum.className, sum.textContent] = [worst[0], sum.dataset[worst[1]]];
  reading(section, standing?.read);
}

async function own() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, then] = [document, page].map((each) => each.querySelector("[data-part]"));
  if (then && now.outerHTML !== then.outerHTML && !now.contains(document.activeElement)) {
    now.replaceWith(then);
  }
}

async function round() {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  try {
    await own();
    asked.textContent = asked.dataset.liveWords;
  } catch {
    asked.textContent = asked.dataset.awayWords;
  }
  await Promise.all([...document.querySelectorAll("[data-readyz]")].map(ask));
  timer = setTimeout(round, EVERY_MILLISECONDS);
}

document.addEventListener("visibilitychange", round);
round();
