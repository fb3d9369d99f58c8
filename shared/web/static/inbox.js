// Tells the navigation how much is unread whenever the inbox was put in place anew.
document.addEventListener("ketluan:refreshed", () => {
  const unread = Number(document.getElementById("told").dataset.unread);
  document.dispatchEvent(new CustomEvent("ketluan:unread", { detail: unread }));
});
