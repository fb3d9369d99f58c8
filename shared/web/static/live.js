// Keeps what others may change as it is now. The page works without it.
//
// <div data-live="ADDRESS" data-live-on="changed" data-words="…" data-offer="…"> names a stream of server-sent events
// and which of them matter. On each, the page is asked for anew, and every [data-part] is put in place of the one of
// its name; one in which somebody is typing stays, and the page offers to load again.
const place = document.querySelector("[data-live]");
const wanted = (place.dataset.liveOn || "message").split(" ");
const WAIT_MILLISECONDS = 100;
const AGAIN_MILLISECONDS = 5000;
let stream = null;
let timer = null;
let isBehind = false;
let isOver = false;

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (form) {
    form.dataset.touched = "";
  }
});

function isBusy(part) {
  const within = part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  return within || part.querySelector("form[data-touched], dialog[open]") !== null;
}

// The token of a form differs each time that its page is made, and says nothing of the page.
function content(part) {
  return part.innerHTML.replaceAll(/(name="form_token" value=")[^"]*/g, "$1");
}

function offer() {
  const link = document.createElement("a");
  link.href = location.href;
  link.className = "button";
  link.textContent = place.dataset.offer;
  place.classList.add("news");
  place.replaceChildren(place.dataset.words, " ", link);
}

async function refresh() {
  timer = null;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    offer();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("[data-live]")) {
    // What was followed has ended, and its stream with it.
    isOver = true;
    stop();
    tell(false);
  }
  for (const now of document.querySelectorAll("[data-part]")) {
    const then = page.querySelector(`[data-part="${CSS.escape(now.dataset.part)}"]`);
    if (!then || content(then) === content(now)) {
      continue;
    }
    if (isBusy(now)) {
      offer();
      continue;
    }
    const focused = now.contains(document.activeElement) ? document.activeElement.id : "";
    now.replaceWith(then);
    then.classList.add("fresh");
    if (focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }
  document.dispatchEvent(new CustomEvent("ketluan:refreshed"));
}

function heard() {
  timer ??= setTimeout(() => refresh().catch(lost), WAIT_MILLISECONDS);
}

function tell(behind) {
  isBehind = behind;
  document.dispatchEvent(new CustomEvent(behind ? "ketluan:behind" : "ketluan:current"));
}

// A browser tries again by itself, but not after an answer that refuses.
function lost() {
  timer = null;
  tell(true);
  if (stream?.readyState === EventSource.CLOSED) {
    stop();
    setTimeout(follow, AGAIN_MILLISECONDS);
  }
}

function opened() {
  if (isBehind) {
    tell(false);
    heard();
  }
}

function stop() {
  stream?.close();
  stream = null;
}

// A hidden tab lets its connection go: browsers allow six to one origin. What it missed it asks for when it is back.
function follow() {
  if (document.hidden || isOver) {
    stop();
  } else if (!stream) {
    stream = new EventSource(place.dataset.live);
    stream.addEventListener("open", opened);
    stream.addEventListener("error", lost);
    for (const kind of wanted) {
      stream.addEventListener(kind, heard);
    }
  }
}

document.addEventListener("visibilitychange", () => {
  follow();
  if (!document.hidden) {
    heard();
  }
});
document.addEventListener("ketluan:connected", follow);
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", follow);
follow();
