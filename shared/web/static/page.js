// What every page does with script: the number of unread notifications, and words while there is no connection.
const unread = document.getElementById("unread");

async function count() {
  if (!unread || document.hidden) {
    return;
  }
  try {
    const answer = await fetch("/v1/inbox/unread");
    if (answer.ok) {
      show((await answer.json()).unread);
    }
  } catch {
    // Without a connection the number stays as it was.
  }
}

function show(number) {
  unread.textContent = number > 99 ? "99+" : number;
  unread.hidden = number === 0;
}

document.addEventListener("visibilitychange", count);
document.addEventListener("ketluan:unread", (event) => unread && show(event.detail));
count();
