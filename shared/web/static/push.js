// Has this browser show what is pushed. The form is there only where the browser can do it; without script the page
// says what is missing.
const form = document.getElementById("push-form");
const why = document.getElementById("push-why");

function bytes(key) {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") {
    why.textContent = form.dataset.denied;
    return;
  }
  const worker = await active(await navigator.serviceWorker.register("/inbox/worker.js"));
  const key = bytes(form.dataset.key);
  const former = await worker.pushManager.getSubscription();
  if (former && !sameKey(former.options.applicationServerKey, key)) {
    await former.unsubscribe();
  }
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
  form.submit();
}

// Only a worker that is active can subscribe, and this page is none of those that it would take over.
async function active(registration) {
  const coming = registration.active ? null : (registration.installing ?? registration.waiting);
  if (coming) {
    await new Promise((done) => {
      coming.addEventListener("statechange", () => coming.state === "activated" && done());
    });
  }
  return registration;
}

// A key made anew, as with the session key, ends what was subscribed with the one before.
function sameKey(former, key) {
  const before = new Uint8Array(former ?? []);
  return before.length === key.length && before.every((byte, place) => byte === key[place]);
}

if (form && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  form.hidden = false;
  why.textContent = "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe().catch(() => {
      why.textContent = form.dataset.failed;
    });
  });
}
