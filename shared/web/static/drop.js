// Makes a form's file field a place to drop a file, keeps the file when the form is refused, and says that it is read.
const form = document.querySelector("[data-drop]");
const input = form.querySelector("input[type=file]");
const area = input.closest(".file-drop");
const progress = form.querySelector("[data-progress]");
const refusal = document.querySelector("[data-refusal]");
const button = form.querySelector("button");

area.classList.add("ready");
area.querySelector("[data-here]").hidden = false;

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    area.classList.toggle("over", kind === "dragover");
  });
}

document.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length > 0) {
    input.files = event.dataTransfer.files;
    isSmallEnough();
    button.focus();
  }
});
input.addEventListener("change", isSmallEnough);

function isSmallEnough() {
  const small = [...input.files].every((file) => file.size <= Number(form.dataset.most));
  progress.textContent = small ? "" : form.dataset.tooLarge;
  return small;
}

async function send() {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
  if (answer.redirected) {
    form.reset();
    location.assign(answer.url);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("[data-refusal] .refused")) {
    form.submit();
    return;
  }
  refusal.replaceChildren(...page.querySelector("[data-refusal]").childNodes);
  form.querySelector("[data-another]")?.remove();
  const another = page.querySelector("[data-another]");
  if (another) {
    button.parentElement.before(another);
  }
  progress.textContent = "";
  button.disabled = false;
  refusal.querySelector(".refused").focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isSmallEnough()) {
    return;
  }
  progress.textContent = form.dataset.reading;
  button.disabled = true;
  send().catch(() => {
    progress.textContent = form.dataset.lost;
    button.disabled = false;
  });
});
