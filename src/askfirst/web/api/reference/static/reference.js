// Search, languages, copying, and calls to this server. Without this file the page can still be read.

const address = location.origin + (document.body.dataset["prefix"] ?? "");

/**
 * Find elements of one kind.
 * @template {HTMLElement} T
 * @param {ParentNode} within
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T[]}
 */
function all(within, selector, kind) {
  return [...within.querySelectorAll(selector)].flatMap((one) => (one instanceof kind ? [one] : []));
}

/**
 * Make an element of texts and elements.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} content
 */
function make(name, attributes, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

/* The examples name the address that the server was told; the reader's is what works from here. */

function correctAddresses() {
  const told = document.body.dataset["base"] ?? "";
  if (told === address || told === "") return;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeValue?.includes(told)) node.nodeValue = node.nodeValue.replaceAll(told, address);
  }
}

/* Languages: a choice counts for all calls. */

/** @param {HTMLInputElement} chosen */
function chooseEverywhere(chosen) {
  const offset = chosen.getBoundingClientRect().top;
  for (const tab of all(document, '[data-tabs="language"] .tab', HTMLInputElement)) {
    if (tab.value === chosen.value) tab.checked = true;
  }
  scrollBy({ top: chosen.getBoundingClientRect().top - offset, behavior: "instant" });
}

/** @param {HTMLFieldSetElement} tabs */
function addCopyButton(tabs) {
  const button = make("button", { type: "button", class: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    const shown = all(tabs, ".panel", HTMLElement).find((panel) => panel.checkVisibility());
    await navigator.clipboard.writeText(shown?.textContent?.trim() ?? "");
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  tabs.querySelector(".panel")?.before(button);
}

/* Search: the contents shrink to what matches, and say where. */

/** @typedef {{ item: HTMLElement, link: HTMLAnchorElement, title: string, names: string[], text: string }} Entry */

/**
 * @param {HTMLElement} item
 * @returns {Entry[]}
 */
function entryOf(item) {
  const link = item.querySelector("a");
  const anchor = link?.getAttribute("href") ?? "";
  if (!link) return [];
  const place = anchor.startsWith("#") ? document.querySelector(anchor) : null;
  const path = place?.querySelector(".address")?.textContent ?? "";
  const codes = place?.querySelectorAll(".words code.name, .problems code, .values code") ?? [];
  const names = new Set([...codes].map((one) => one.textContent ?? ""));
  const title = `${link.textContent} ${path}`.toLowerCase();
  const words = place?.querySelector(".words") ?? place;
  return [{ item, link, title, names: [...names], text: (words?.textContent ?? "").toLowerCase() }];
}

/** @param {HTMLInputElement} field */
function searchIn(field) {
  const nav = /** @type {HTMLElement} */ (document.querySelector(".side nav"));
  const found = /** @type {HTMLElement} */ (document.querySelector("#found"));
  const entries = all(nav, "li", HTMLElement).flatMap(entryOf);

  function show() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { item, title, names, text } of entries) {
      item.querySelector("small")?.remove();
      const isMatch = words.every((word) => title.includes(word) || text.includes(word));
      item.hidden = !isMatch;
      count += Number(isMatch);
      const name = names.find((one) => words.some((word) => one.toLowerCase().includes(word)));
      const isHidden = !words.every((word) => title.includes(word));
      if (isMatch && words.length && isHidden && name) item.append(make("small", {}, `in ${name}`));
    }
    for (const heading of all(nav, "h2", HTMLElement)) {
      const list = heading.nextElementSibling;
      heading.hidden = list !== null && [...list.children].every((one) => one.matches("[hidden]"));
    }
    found.textContent = words.length ? say(count) : "";
  }

  function best() {
    const shown = entries.filter(({ item }) => !item.hidden);
    const word = field.value.trim().toLowerCase();
    return (shown.find(({ title }) => title.includes(word)) ?? shown[0])?.link;
  }

  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") best()?.click();
    else if (event.key === "ArrowDown") best()?.focus();
    else return;
    event.preventDefault();
  });
  nav.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = all(nav, "li:not([hidden]) a", HTMLAnchorElement);
    const next = links.findIndex((link) => link === document.activeElement) + step;
    (links[next] ?? (next < 0 ? field : null))?.focus();
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
    const side = document.querySelector(".side");
    if (side instanceof HTMLElement && !side.checkVisibility()) side.showPopover();
    field.focus();
    field.select();
    event.preventDefault();
  });
}

/** @param {number} count */
function say(count) {
  if (count === 0) return "Nothing found. Try the name of a field or an error.";
  return count === 1 ? "1 result" : `${count} results`;
}

/* Where the reader is. */

function followTheReader() {
  const links = new Map(
    all(document, '.side li a[href^="#"]', HTMLAnchorElement).map((link) => [link.hash.slice(1), link]),
  );
  /** @type {Set<Element>} */
  const seen = new Set();
  const places = [...links.keys()].flatMap((id) => document.getElementById(id) ?? []);
  const observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      const here = places.find((place) => seen.has(place));
      if (!here) return;
      for (const link of links.values()) link.removeAttribute("aria-current");
      const link = links.get(here.id);
      link?.setAttribute("aria-current", "true");
      keepInView(link);
    },
    { rootMargin: "-10% 0px -75% 0px" },
  );
  for (const place of places) observer.observe(place);
}

/** @param {HTMLElement | undefined} link */
function keepInView(link) {
  const side = document.querySelector(".side");
  if (!link || !side || side.contains(document.activeElement)) return;
  const { top, bottom } = link.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) side.scrollTop += top - innerHeight / 2;
}

/* Calls to this server. The key is in this variable and in the fields, and nowhere else. */

let key = "";

/** @param {string} given */
function holdKey(given) {
  key = given.trim();
  for (const field of all(document, ".key", HTMLInputElement)) {
    if (field.value !== given) field.value = given;
  }
}

/**
 * @param {HTMLFormElement} form
 * @returns {Request}
 */
function requestOf(form) {
  const headers = new Headers({ authorization: `Bearer ${key}` });
  const query = new URLSearchParams();
  let path = form.dataset["path"] ?? "";
  for (const field of all(form, "[data-place]", HTMLInputElement)) {
    const { place, name = "" } = field.dataset;
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(field.value));
    else if (place === "header" && field.value) headers.set(name, field.value);
    else if (place === "query" && field.value) query.append(name, field.value);
  }
  const body = form.querySelector("textarea")?.value;
  if (body !== undefined) headers.set("content-type", "application/json");
  const search = query.size ? `?${query}` : "";
  return new Request(`${address}${path}${search}`, {
    method: form.dataset["method"] ?? "GET",
    headers,
    body: body ?? null,
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const result = /** @type {HTMLElement} */ (form.querySelector(".result"));
  if (!key) {
    result.replaceChildren(make("p", {}, "Enter an API key first."));
    form.querySelector("input")?.focus();
    return;
  }
  form.setAttribute("aria-busy", "true");
  try {
    const started = performance.now();
    const answer = await fetch(requestOf(form));
    const text = await answer.text();
    result.replaceChildren(...told(answer, text, performance.now() - started));
  } catch {
    result.replaceChildren(
      make("p", {}, "No answer came. The server cannot be reached, or a field cannot be sent as it is."),
    );
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/**
 * @param {Response} answer
 * @param {string} text
 * @param {number} milliseconds
 */
function told(answer, text, milliseconds) {
  const status = make("span", { class: answer.ok ? "status" : "status status-no" }, `${answer.status}`);
  const again = answer.headers.get("idempotency-replayed") ? " · the answer of the first call" : "";
  const parts = [make("p", {}, status, ` in ${Math.round(milliseconds)} ms${again}`)];
  const content = parsed(text);
  if (!answer.ok && content?.title) parts.push(...explained(content));
  const shown = content === undefined ? text : JSON.stringify(content, null, 2);
  if (shown) parts.push(make("pre", { class: "shell" }, make("code", {}, shown)));
  return parts;
}

/** @param {any} problem */
function explained(problem) {
  const parts = [make("p", {}, make("strong", {}, `${problem.title}.`))];
  if (problem.errors) {
    const lines = problem.errors.map((/** @type {{ field: string, message: string }} */ one) =>
      make("li", {}, make("code", {}, one.field), ` ${one.message}`),
    );
    parts.push(make("ul", {}, ...lines));
  } else {
    parts.push(make("p", {}, problem.detail));
  }
  const link = make("a", { href: `#problem-${problem.code}` }, `What ${problem.code} means`);
  parts.push(make("p", {}, link));
  return parts;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {HTMLDetailsElement} panel */
function openPanel(panel) {
  panel.hidden = false;
  const form = /** @type {HTMLFormElement} */ (panel.querySelector("form"));
  const choice = form.querySelector("select");
  const body = form.querySelector("textarea");
  choice?.addEventListener("change", () => {
    if (body) body.value = choice.value;
  });
  form.querySelector(".key")?.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement) holdKey(event.target.value);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

correctAddresses();
for (const tabs of all(document, ".tabs", HTMLFieldSetElement)) {
  if (navigator.clipboard) addCopyButton(tabs);
}
for (const tab of all(document, '[data-tabs="language"] .tab', HTMLInputElement)) {
  tab.addEventListener("change", () => chooseEverywhere(tab));
}
for (const panel of all(document, "details.try", HTMLDetailsElement)) openPanel(panel);
const search = document.querySelector(".search");
const field = document.querySelector("#search");
if (search instanceof HTMLElement && field instanceof HTMLInputElement) {
  search.hidden = false;
  searchIn(field);
}
for (const link of all(document, ".side a", HTMLAnchorElement)) {
  link.addEventListener("click", () => {
    const side = link.closest(".side");
    if (side instanceof HTMLElement && side.matches(":popover-open")) side.hidePopover();
  });
}
holdKey("");
addEventListener("pagehide", () => holdKey(""));
followTheReader();
