import { make, post, say } from "./basics.js";

const REFUSALS = {
  wrong: "That code is wrong. Attempts left: {tries}.",
  expired: "This code is no longer valid. Please ask for a new one.",
  used: "This code has been used already. Please ask for a new one.",
  locked: "Too many attempts. Please ask for a new code later.",
};
let count = 0;

/** From the number to the code: sends the forms inside. */
export class AskfirstCode extends HTMLElement {
  #status = make("p", { class: "askfirst-status", role: "status", tabindex: "-1" });
  #alert = make("p", { class: "askfirst-alert", role: "alert", id: `askfirst-alert-${++count}` });
  #wayIn = make("div", { class: "askfirst-way" });
  #number = document.createElement("input");
  #code = document.createElement("input");
  #resend = document.createElement("button");
  #id = "";
  #words = "";
  #until = 0;
  #timer = 0;
  #isBusy = false;

  connectedCallback() {
    if (document.readyState !== "loading") this.#adopt();
    else document.addEventListener("DOMContentLoaded", () => this.#adopt(), { once: true });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /** Takes over the forms inside. */
  #adopt() {
    if (this.contains(this.#status)) return this.#tick();
    const ours = this.querySelectorAll(".askfirst-status,.askfirst-way,.askfirst-alert");
    for (const old of ours) old.remove(); // of the element that this is a copy of
    this.removeAttribute("state");
    this.#number = this.querySelector("[type=tel]") ?? this.#number;
    this.#code = this.querySelector("[autocomplete=one-time-code]") ?? this.#code;
    this.#resend = this.querySelector(".askfirst-resend") ?? this.#resend;
    this.#words = this.#resend.textContent;
    this.#code.removeAttribute("maxlength"); // it would cut what has spaces
    this.#code.addEventListener("input", () => this.#clean());
    this.addEventListener("submit", this);
    this.prepend(this.#status, this.#wayIn, this.#alert);
    const question = this.querySelector(":not(askfirst-optin) > .askfirst-prompt");
    if (question) {
      const choice = make("askfirst-optin", {});
      question.replaceWith(choice);
      choice.append(question);
    }
    this.#show(this.#number.form ? "number" : "sent");
  }

  /** @param {import("./elements.d.ts").CodeState} state */
  #show(state) {
    const isNews = this.hasAttribute("state");
    this.setAttribute("state", state);
    this.#number.form?.toggleAttribute("hidden", state !== "number");
    this.#code.form?.toggleAttribute("hidden", /number|waiting|approved/.test(state));
    const init = { bubbles: true, composed: true, detail: { state } };
    if (isNews) this.dispatchEvent(new CustomEvent("askfirst-code", init));
  }

  /** Without an address of its own, a form goes its plain way. @param {SubmitEvent} event */
  handleEvent(event) {
    const isNumber = event.target === this.#number.form;
    const name = isNumber ? "request" : event.submitter === this.#resend ? "resend" : "check";
    if (!this.hasAttribute(name)) return;
    event.preventDefault();
    /** @type {HTMLElement | null} */
    const choice = this.querySelector("askfirst-optin:not([answer]) button[value]");
    if (isNumber && choice) choice.focus(); // Enter leads to the choice, and chooses nothing
    else this.#send(name, isNumber ? this.#number : this.#code);
  }

  /** @param {string} name @param {HTMLInputElement} field */
  async #send(name, field) {
    if (this.#isBusy || !this.isConnected || !field.form) return;
    this.#isBusy = true;
    this.#complain("", null);
    const body = { ...Object.fromEntries(new FormData(field.form)), ...(this.#id && { id: this.#id }) };
    const address = this.getAttribute(name) ?? "";
    const { said, wrong, isField } = await post(this, address, body, { mode: "same-origin" });
    this.#isBusy = false;
    if (wrong) this.#complain(wrong, isField ? field : null);
    else if (name === "check") this.#checked(said);
    else this.#sent(said, name === "resend");
    if (this.matches("[state=waiting]")) setTimeout(() => this.#send("check", this.#code), 3000);
  }

  /** @param {import("./elements.d.ts").Sent} sent @param {boolean} isAgain */
  #sent(sent, isAgain) {
    this.#id = sent.id;
    this.#code.value = "";
    this.#wayIn.replaceChildren(...this.#links(sent));
    this.#until = Date.now() + Date.parse(sent.resend_at ?? "") - sent.now;
    this.#tick();
    const isInbound = sent.channel === "whatsapp_inbound";
    this.#show(isInbound ? "waiting" : "sent");
    (isInbound ? this.#status : this.#code).focus(); // before the reminder, so that it is read out after the field
    const news = isAgain ? say(this, "resent", "A new code is on its way.") + " " : "";
    const masked = make("bdi", { dir: "ltr" }, sent.masked ?? "");
    this.#status.replaceChildren(news, sent.reminder ?? "", " ", masked);
  }

  /** @param {import("./elements.d.ts").Sent} sent */
  #links({ open_url: href = "", qr_url: src }) {
    if (!/^https?:/.test(href)) return [];
    const alt = say(this, "open", "Open WhatsApp");
    const scan = { "data-scan": say(this, "scan", "Scan with your phone") };
    const link = { class: "askfirst-open", href, target: "_blank", rel: "noopener noreferrer" };
    const chat = make("askfirst-chat", scan, make("a", link, alt));
    if (src) chat.append(make("img", { class: "askfirst-qr", src, alt }));
    return [chat];
  }

  /** @param {import("./elements.d.ts").Checked} checked */
  #checked({ result, tries_left: tries }) {
    if (result === "waiting") return;
    const isInbound = this.matches("[state=waiting]");
    this.#show(result);
    if (result !== "approved" && isInbound) {
      const again = make("a", { class: "askfirst-open", href: "" }, say(this, "again", "Start again"));
      this.#complain(say(this, "over", "We did not get your message. Please start again."), null);
      this.#code.form?.setAttribute("hidden", "");
      this.#status.replaceChildren();
      this.#alert.after(this.#wayIn);
      this.#wayIn.replaceChildren(again);
      return again.focus();
    }
    if (result !== "approved") {
      this.#complain(say(this, result, REFUSALS[result], { tries }), this.#code);
      return this.#code.select();
    }
    this.#wayIn.replaceChildren();
    this.#status.textContent = say(this, "approved", "Done. Your number is confirmed.");
    this.#status.focus();
    const next = new URL(this.getAttribute("next") ?? "", document.baseURI);
    if (this.hasAttribute("next") && next.origin === location.origin) location.assign(next);
  }

  /** @param {string} text @param {HTMLInputElement | null} field that has to be looked at again */
  #complain(text, field) {
    this.#alert.textContent = text;
    for (const one of [this.#number, this.#code]) {
      one.setAttribute("aria-errormessage", this.#alert.id);
      one.setAttribute("aria-invalid", `${one === field}`);
    }
    field?.focus();
  }

  /** Leaves digits, 0 to 9: each script has its ten in a row. */
  #clean() {
    const digits = this.#code.value.normalize("NFKC").replace(/\P{Nd}/gu, "");
    const clean = digits.replace(/./gu, (digit) => {
      let value = 0;
      const point = digit.codePointAt(0) ?? 0;
      while (/\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value++;
      return `${value}`;
    });
    if (clean !== this.#code.value) this.#code.value = clean;
  }

  #tick() {
    const seconds = Math.ceil((this.#until - Date.now()) / 1000);
    const isEarly = seconds > 0;
    const wait = say(this, "wait", "Send a new code in {seconds} s", { seconds });
    this.#resend.disabled = isEarly;
    this.#resend.textContent = isEarly ? wait : this.#words;
    clearTimeout(this.#timer);
    if (isEarly) this.#timer = setTimeout(() => this.#tick(), 1000);
  }
}
