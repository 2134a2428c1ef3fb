// Keeps a phone alive: messages show up as they come, codes are copied, a half-typed message
// stays. Without this file everything works by reloading.

const EVERY_MS = 1500;
const COPIED_MS = 2000;
const lines = document.getElementById("lines");
const box = document.getElementById("text");
const menu = document.getElementById("menu");
const shown = new WeakMap();
const draft = `draft ${location.pathname}`;

document.documentElement.classList.add("scripted");

function remember(element) {
  shown.set(element, element.outerHTML);
}

// Touches only the lines that are new or changed, so that focus, selection and what a screen
// reader has said already stay as they are.
function merge(fresh) {
  const old = new Map([...lines.children].map((line) => [line.dataset.id, line]));
  [...fresh.children].forEach((line, place) => {
    const known = old.get(line.dataset.id);
    old.delete(line.dataset.id);
    if (known && shown.get(known) === line.outerHTML) return;
    remember(line);
    if (known) known.replaceWith(line);
    else lines.insertBefore(line, lines.children[place] ?? null);
  });
  for (const line of old.values()) line.remove();
}

function swap(page, id) {
  const now = document.getElementById(id);
  const then = page.getElementById(id);
  if (!now || !then || shown.get(now) === then.outerHTML) return;
  if (now.contains(document.activeElement) || (menu?.open && menu.contains(now))) return;
  remember(then);
  now.replaceWith(then);
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const canWrite = page.getElementById("text") !== null;
  if (canWrite !== (box !== null)) return location.reload();
  const fresh = page.getElementById("lines");
  if (fresh) merge(fresh);
  for (const id of ["chats", "notices", "sheet"]) swap(page, id);
}

async function copy(button) {
  const label = button.querySelector("span");
  const title = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.code);
  } catch {
    return getSelection().selectAllChildren(
      button.closest("li").querySelector(".text strong") ?? button.closest("li"),
    );
  }
  button.disabled = true;
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    button.disabled = false;
    label.textContent = title;
  }, COPIED_MS);
}

function keepDraft() {
  if (!box.value) box.value = sessionStorage.getItem(draft) ?? "";
  box.addEventListener("input", () => sessionStorage.setItem(draft, box.value));
  box.form.addEventListener("submit", () => sessionStorage.removeItem(draft));
  box.setSelectionRange(box.value.length, box.value.length);
}

// Enter sends where there is a keyboard beside the screen; on a touch screen it breaks the line.
function sendByEnter() {
  box.addEventListener("keydown", (event) => {
    const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!plain || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    box.form.requestSubmit();
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-code]");
  if (button) copy(button);
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

if (lines) {
  for (const line of lines.children) remember(line);
  for (const id of ["chats", "notices", "sheet"]) remember(document.getElementById(id));
  setInterval(look, EVERY_MS);
}
if (box) {
  keepDraft();
  sendByEnter();
}
