// Shows new messages as they come. Without this file, reload the page.

const chat = document.getElementById("chat");

function toTheEnd() {
  chat.scrollTop = chat.scrollHeight;
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("chat");
  if (fresh && fresh.textContent !== chat.textContent) {
    chat.replaceChildren(...fresh.children);
    toTheEnd();
  }
}

if (chat) {
  toTheEnd();
  setInterval(look, 1500);
}
