// Offers to load the page again once the log holds a notice that the page does not show. The page works without it.
const place = document.getElementById("news");
const address = `/v1/events?after=${place.dataset.after}`;
let stream = null;

function offer() {
  const link = document.createElement("a");
  link.href = place.dataset.address;
  link.className = "button";
  link.textContent = place.dataset.offer;
  place.replaceChildren(place.dataset.words, " ", link);
}

function heard(message) {
  let event = null;
  try {
    event = JSON.parse(message.data).event;
  } catch {
    return;
  }
  if (event?.type === place.dataset.type) {
    stop();
    document.removeEventListener("visibilitychange", follow);
    offer();
  }
}

function stop() {
  stream?.close();
  stream = null;
}

// A hidden tab lets its connection go: browsers allow six to one origin.
function follow() {
  if (document.hidden) {
    stop();
  } else if (!stream) {
    stream = new EventSource(address);
    stream.addEventListener("message", heard);
  }
}

document.addEventListener("visibilitychange", follow);
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", follow);
follow();
