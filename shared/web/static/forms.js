// Keeps what somebody typed from being lost, and shows that what they sent is on its way. Forms work without it.
const AGAIN_MILLISECONDS = 15000;

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  if (field.tagName === "SELECT") {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.multiple ? false : field.selectedIndex !== Math.max(first, 0);
  }
  return "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
}

function isUnsent(form) {
  return form.method === "post" && [...form.elements].some(isChanged);
}

function again(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
  }
  form.querySelector(".sending")?.remove();
}

function sent(form, button) {
  form.dataset.sent = "";
  if (button) {
    button.setAttribute("aria-busy", "true");
    const words = document.createElement("span");
    words.className = "sending quiet";
    words.setAttribute("role", "status");
    button.after(words);
    words.textContent = document.body.dataset.sending;
  }
  // What is answered by a file leaves the page as it is.
  setTimeout(() => again(form), AGAIN_MILLISECONDS);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
  } else if (!navigator.onLine) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("ketluan:unsent"));
  } else {
    sent(form, event.submitter);
  }
});

window.addEventListener("beforeunload", (event) => {
  const sending = document.querySelector("form[data-sent]");
  if (!sending && [...document.forms].some(isUnsent)) {
    event.preventDefault();
  }
});

// A page that comes back from the browser's memory was sent before.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    again(form);
  }
});
