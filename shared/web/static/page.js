// What every page does with script: the number of unread notifications, and words while there is no connection.
const unread = document.getElementById("unread");
const connection = document.getElementById("connection");
const AGAIN_MILLISECONDS = 5000;
let away = false;
let behind = false;

async function count(isShownAgain = false) {
  if (!unread || document.hidden) {
    return;
  }
  try {
    const answer = await fetch("/v1/inbox/unread");
    if (answer.ok) {
      show((await answer.json()).unread);
    } else if (answer.status === 401 && isShownAgain) {
      // The browser kept this page, and whoever it was for signed out meanwhile.
      location.replace(location.pathname + location.search);
    }
  } catch {
    // Without a connection the number stays as it was.
  }
}

function show(number) {
  unread.textContent = number > 99 ? "99+" : number;
  unread.hidden = number === 0;
}

function moment() {
  return new Date().toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" });
}

function tell() {
  const said = away ? connection.dataset.away : behind ? connection.dataset.behind : "";
  if (connection.dataset.said !== said) {
    connection.dataset.said = said;
    connection.textContent = said.replace("{since}", connection.dataset.since ?? moment());
  }
}

function lost() {
  connection.dataset.since ??= moment();
  away = true;
  tell();
}

// The browser knows of its own cable only, so that the way to us is asked for besides.
async function look() {
  try {
    await fetch(connection.dataset.asks, { method: "HEAD", cache: "no-store" });
    found();
  } catch {
    setTimeout(look, AGAIN_MILLISECONDS);
  }
}

function found() {
  const was = away;
  away = false;
  if (!behind) {
    delete connection.dataset.since;
  }
  tell();
  if (was) {
    document.dispatchEvent(new CustomEvent("ketluan:connected"));
    count();
  }
}

window.addEventListener("offline", lost);
window.addEventListener("online", look);
document.addEventListener("ketluan:behind", () => {
  connection.dataset.since ??= moment();
  behind = true;
  tell();
});
document.addEventListener("ketluan:current", () => {
  behind = false;
  found();
});
document.addEventListener("ketluan:unsent", lost);
document.addEventListener("visibilitychange", () => count());
document.addEventListener("ketluan:unread", (event) => unread && show(event.detail));
document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.querySelector(".parts [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
if (!navigator.onLine) {
  lost();
}
window.addEventListener("pageshow", () => count(true));
