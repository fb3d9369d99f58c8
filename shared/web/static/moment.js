// A slider over moments of the past: says where it stands while it is moved, and goes there once it is let go.
// Without it a button beside the slider does the same.
const WAIT_MILLISECONDS = 400;
const form = document.querySelector("form[data-moments]");
const slider = form.elements.step;
const output = form.querySelector("output");
const language = document.documentElement.lang;
let timer = null;

function named(step) {
  const label = slider.list?.options[step]?.label;
  if (label) {
    return `${step + 1}/${slider.list.options.length}: ${label}`;
  }
  if (slider.dataset.since) {
    const [since, until] = [slider.dataset.since, slider.dataset.until].map(Date.parse);
    const at = new Date(since + ((until - since) * step) / Number(slider.max));
    return at.toLocaleString(language === "vi" ? "vi-VN" : "en-GB", { timeZone: slider.dataset.zone });
  }
  return `${step + 1}/${Number(slider.max) + 1}`;
}

function go() {
  timer = null;
  form.requestSubmit();
}

document.documentElement.classList.add("scripted");
slider.addEventListener("input", () => {
  const words = named(Number(slider.value));
  output.textContent = words;
  slider.setAttribute("aria-valuetext", words);
  clearTimeout(timer);
});
// By keyboard every step is a change of its own: one goes once the keys have been at rest.
slider.addEventListener("change", () => {
  clearTimeout(timer);
  timer = setTimeout(go, WAIT_MILLISECONDS);
});
// Whoever comes back to the page finds the slider where the page says that it stands.
window.addEventListener("pageshow", () => form.reset());
if (sessionStorage.getItem("moment") === location.pathname) {
  slider.focus({ preventScroll: true });
}
sessionStorage.removeItem("moment");
form.addEventListener("submit", () => sessionStorage.setItem("moment", location.pathname));
