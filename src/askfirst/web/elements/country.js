import { make, say } from "./basics.js";

/** @param {string} text */
const plain = (text) => {
  const letters = text.normalize("NFD").replace(/[\p{M}\p{Cf}]/gu, "").toLowerCase();
  return letters.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
};
/** @param {HTMLOptionElement} option @param {string} wanted */
const isFirst = (option, wanted) => +plain(option.text).startsWith(wanted);
let count = 0;

/**
 * A list of countries that can be searched: the select inside becomes a combobox with a list (WAI-ARIA
 * Authoring Practices). The select stays what is sent; without this file, it is what people use.
 */
export class AskfirstCountry extends HTMLElement {
  #select = document.createElement("select");
  #id = `askfirst-countries-${++count}`;
  #box = /** @type {HTMLInputElement} */ (make("input", { type: "text", role: "combobox", class: "askfirst-search" }));
  #list = make("ul", { class: "askfirst-countries", role: "listbox", id: this.#id, hidden: "" });
  #status = make("p", { class: "askfirst-found", role: "status" });
  /** @type {HTMLElement | null} */
  #active = null;

  connectedCallback() {
    if (document.readyState !== "loading") this.#adopt();
    else document.addEventListener("DOMContentLoaded", () => this.#adopt(), { once: true });
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this);
  }

  #adopt() {
    addEventListener("pageshow", this); // a page that comes back has its old choice
    const select = this.querySelector("select");
    if (!select || this.contains(this.#box)) return;
    for (const old of this.querySelectorAll(":scope > :not(select)")) old.remove(); // of the element that this is a copy of
    this.#select = select;
    const label = select.labels[0];
    const attributes = { id: select.id, autocomplete: "off", "aria-autocomplete": "list", "aria-controls": this.#id };
    for (const [name, value] of Object.entries(attributes)) this.#box.setAttribute(name, value);
    this.#list.setAttribute("aria-label", label?.textContent?.trim() ?? "");
    select.id = "";
    select.hidden = true;
    this.append(this.#box, this.#list, this.#status);
    for (const type of ["click", "focusin", "focusout", "input", "keydown", "mousedown"]) this.addEventListener(type, this);
    select.form?.addEventListener("reset", () => setTimeout(() => this.#tell()));
    this.#tell();
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event instanceof KeyboardEvent) return this.#onKey(event);
    const target = /** @type {Element} */ (event.target);
    if (event.type === "pageshow") this.#tell();
    else if (event.type === "focusin") this.#box.select(); // what is typed next takes its place
    else if (event.type === "focusout") this.#leave();
    else if (event.type === "input" && target === this.#box) this.#open(this.#box.value);
    else if (event.type === "mousedown" && target !== this.#box) event.preventDefault(); // the focus stays
    else if (event.type === "click") this.#onClick(target);
  }

  /** @param {Element} target */
  #onClick(target) {
    const option = target.closest("[role=option]");
    if (option) this.#choose(option);
    else if (target === this.#box && this.#list.hidden) this.#open();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { key } = event;
    const isOpen = !this.#list.hidden;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (isOpen) this.#move(key === "ArrowDown" ? 1 : -1);
      else this.#open();
    } else if (key === "Enter" && isOpen) {
      if (this.#active) this.#choose(this.#active);
    } else if (key === "Escape" && isOpen) this.#close();
    else return;
    event.preventDefault();
  }

  /** Shows what matches: a part of the name, the code with or without the plus, or ISO's two letters. */
  #open(text = "") {
    const wanted = plain(text);
    const all = [...this.#select.options];
    let found = all.filter(({ text: name, value }) => value.toLowerCase() === wanted || ` ${plain(name)}`.includes(` ${wanted}`));
    if (!found.length) found = all.filter(({ text: name }) => plain(name).includes(wanted)); // no spaces between words
    found.sort((one, other) => isFirst(other, wanted) - isFirst(one, wanted));
    this.#list.replaceChildren(...found.map((option, place) => this.#option(option, place)));
    this.#list.hidden = !found.length;
    this.#box.setAttribute("aria-expanded", `${found.length > 0}`);
    this.#status.textContent = found.length
      ? say(this, "found", "Countries found: {count}", { count: found.length })
      : say(this, "none", "No country found");
    const chosen = this.#list.querySelector("[aria-selected=true]");
    this.#mark(wanted ? this.#list.firstElementChild : chosen);
  }

  /** @param {HTMLOptionElement} option @param {number} place */
  #option({ text, value, selected }, place) {
    const attributes = { role: "option", id: `${this.#id}-${place}`, "aria-selected": `${selected}` };
    return make("li", { ...attributes, "data-value": value }, text);
  }

  /** @param {number} step */
  #move(step) {
    const options = [...this.#list.children];
    const place = this.#active ? options.indexOf(this.#active) + step : step > 0 ? 0 : -1;
    this.#mark(options.at(place % options.length) ?? null);
  }

  /** @param {Element | null} option */
  #mark(option) {
    this.#active?.classList.remove("askfirst-active");
    this.#active = /** @type {HTMLElement | null} */ (option);
    option?.classList.add("askfirst-active");
    option?.scrollIntoView({ block: "nearest" });
    this.#box.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  /** @param {Element} option */
  #choose(option) {
    const value = /** @type {HTMLElement} */ (option).dataset["value"] ?? "";
    const isNew = value !== this.#select.value;
    this.#select.value = value;
    this.#close();
    if (isNew) this.#select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Whoever searched and went on means what is marked. */
  #leave() {
    const isSearched = this.#box.value !== this.#select.selectedOptions[0]?.text;
    if (isSearched && this.#active) this.#choose(this.#active);
    else this.#close();
  }

  #close() {
    this.#list.hidden = true;
    this.#mark(null);
    this.#status.textContent = "";
    this.#tell();
    if (this.#box.matches(":focus")) this.#box.select();
  }

  /** Says which country is chosen, and how a number of it looks. */
  #tell() {
    const chosen = this.#select.selectedOptions[0];
    this.#box.value = chosen?.text ?? "";
    this.#box.setAttribute("aria-expanded", `${!this.#list.hidden}`);
    const hint = document.getElementById(this.getAttribute("example") ?? "");
    const example = hint?.querySelector("bdi");
    if (example) example.textContent = chosen?.dataset["example"] ?? "";
  }
}
