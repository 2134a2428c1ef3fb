import { make, post, say } from "./basics.js";
import { fill } from "./inert-html.js";

/** Submits whose answers go elsewhere. */
const taken = new WeakSet();

/** @param {string} href @param {string} text */
const link = (href, text) => (/^http/.test(href) ? make("a", { href }, text) : text);

/** This origin, or a subdomain of its site. @param {URL} address */
function isSameSite({ origin, protocol, hostname }) {
  const isBelow = hostname.endsWith("." + location.hostname.replace(/^www\./, ""));
  return /^http/.test(protocol) && (origin === location.origin || (isBelow && protocol === location.protocol));
}

/**
 * A question whose answer travels with the form around it. The controls inside ask, the element
 * answers: a yes is always an act, never there beforehand and never restored.
 */
export class AskfirstOptin extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["answer"];

  #internals = this.attachInternals();
  #notice = make("p", { class: "askfirst-notice", role: "alert" });
  /** @type {import("./elements.d.ts").Answer | null} */
  #answer = null;
  /** @type {HTMLInputElement[]} the box or the buttons, and what is hidden beside them */
  #fields = [];
  #name = "";

  constructor() {
    super();
    this.addEventListener("click", this);
    this.addEventListener("change", this);
    const what = { attributeFilter: ["name"], childList: true, subtree: true };
    new MutationObserver(() => this.#adopt()).observe(this, what);
  }

  get answer() {
    return this.#answer;
  }

  get key() {
    return this.#name.replace("askfirst_", "");
  }

  get token() {
    return this.#fields.find((one) => one.dataset["name"] === this.#name + "_token")?.value ?? "";
  }

  get #controls() {
    return this.#fields.filter((one) => one.type !== "hidden");
  }

  connectedCallback() {
    addEventListener("pagehide", this); // it may come back as it was left
    this.#adopt();
    fill(this);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this);
  }

  attributeChangedCallback() {
    const written = this.getAttribute("answer");
    if (written !== this.#answer) this.#set(written === null ? null : this.#answer);
  }

  /** @param {HTMLFormElement | null} form */
  formAssociatedCallback(form) {
    form?.addEventListener("submit", this);
  }

  /** @param {boolean} isDisabled */
  formDisabledCallback(isDisabled) {
    for (const control of this.#controls) control.disabled = isDisabled;
  }

  formResetCallback() {
    this.#set(null);
  }

  formStateRestoreCallback() {
    this.#set(null);
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "pagehide") this.#set(null);
    else if (event.type === "submit") this.#onSubmit(event);
    else this.#onAct(event);
  }

  /** Takes over the question inside. Nothing may be sent twice: names go. */
  #adopt() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const found = this.querySelectorAll("[name^=askfirst_],[data-name^=askfirst_]");
    for (const one of found) one.dataset["name"] = one.name || one.dataset["name"];
    const name = [...found].find((one) => one.type !== "hidden")?.dataset["name"] ?? "";
    const ours = [...found].filter((one) => one.type === "hidden" || one.dataset["name"] === name);
    if (ours.every((one) => !one.name && this.#fields.includes(one))) return;
    this.#name = name;
    this.#fields = ours;
    for (const field of ours) {
      field.removeAttribute("name");
      field.removeAttribute("checked");
      field.autocomplete = "off";
      if (field.type === "submit") field.type = "button"; // Enter in another field is no yes
    }
    if (this.matches(":disabled")) this.formDisabledCallback(true);
    this.#set(null);
  }

  /** @param {AskfirstOptin["answer"]} answer */
  #set(answer) {
    this.#answer = answer;
    if (answer) this.setAttribute("answer", answer);
    else this.removeAttribute("answer");
    const data = new FormData();
    if (answer) data.set(this.#name, answer);
    for (const field of this.#fields) {
      if (field.type === "hidden") data.set(field.dataset["name"] ?? "", field.value);
      field.checked = answer === field.value;
    }
    this.#internals.setFormValue(data);
  }

  /** Only a person answers, or a script passes on an act. @param {Event} event */
  #onAct(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("a")) return;
    const isHuman = event.isTrusted || navigator.userActivation?.isActive;
    if (!isHuman || this.hasAttribute("posted")) {
      event.preventDefault();
      if (event.type === "change") this.#set(this.#answer);
      return;
    }
    const control = this.#controls.find((one) => one.contains(target));
    const isButton = control?.type === "button";
    if (!control || isButton !== (event.type === "click")) return;
    this.#set(/** @type {this["answer"]} */ (isButton || control.checked ? control.value : null));
    const { key, answer, token } = this;
    const init = { bubbles: true, composed: true, detail: { key, answer, token } };
    this.dispatchEvent(new CustomEvent("askfirst-answer", init));
    const { form } = this.#internals;
    if (isButton && !this.hasAttribute("post")) form?.requestSubmit();
    else if (isButton && (form?.reportValidity() ?? true)) this.#post();
  }

  /** A box waits for its form. With `post` its answer goes there instead. @param {Event} event */
  #onSubmit(event) {
    const isBox = this.#controls[0]?.type === "checkbox" && this.hasAttribute("post");
    const isFree = !event.defaultPrevented || taken.has(event);
    if (!isBox || !isFree || !this.#answer || event.target !== this.#internals.form) return;
    taken.add(event);
    event.preventDefault();
    this.#post();
  }

  async #post() {
    if (this.hasAttribute("posted")) return;
    const { token, answer } = this;
    const address = new URL(this.getAttribute("post") ?? "", document.baseURI);
    const order = this.getAttribute("reference");
    const form = new FormData(this.#internals.form ?? undefined);
    const [phone, country] = ["phone", "country"].map((name) => `${form.get(name) ?? ""}`);
    const body = { token, answer, phone, ...(country && { country }), ...(order && { evidence: { order } }) };
    let said;
    let wrong = say(this, "refused", "Your answer cannot be sent from this page.");
    if (token && isSameSite(address)) {
      this.setAttribute("posted", "");
      ({ said, wrong = "" } = await post(this, address, body, { credentials: "omit", redirect: "error" }));
      this.toggleAttribute("posted", !wrong);
    }
    for (const control of this.#controls) control.ariaDisabled = `${!wrong}`;
    this.append(this.#notice);
    this.#notice.replaceChildren(wrong || link(said?.thanks, say(this, "done", "Your answer has been saved.")));
    if (said?.confirm) this.#notice.append(" ", link(said.confirm, say(this, "confirm", "Confirm your number")));
  }
}

/** The same on a thank-you page. */
export class AskfirstOrder extends AskfirstOptin {}
