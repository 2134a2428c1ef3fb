import { make, say } from "./basics.js";
import { fill } from "./inert-html.js";

/** A link into WhatsApp. The QR code beside it opens on request, where there is a phone to scan it. */
export class AskfirstChat extends HTMLElement {
  #desk = matchMedia("(min-width: 48rem) and (pointer: fine)");
  #button = make("button", { class: "askfirst-scan", type: "button" });

  constructor() {
    super();
    this.#button.onclick = () => this.#show(!!this.#picture?.hidden);
    this.#desk.onchange = () => this.#show();
    new MutationObserver(() => this.#adopt()).observe(this, { childList: true, subtree: true });
  }

  connectedCallback() {
    this.#adopt();
    fill(this);
  }

  /** @returns {HTMLElement | null} */
  get #picture() {
    return this.querySelector(".askfirst-qr");
  }

  #adopt() {
    if (!this.#picture || this.contains(this.#button)) return;
    this.querySelector(".askfirst-scan")?.remove(); // of the element that this is a copy of
    this.#button.textContent = say(this, "scan", "Scan with your phone");
    this.#picture.before(this.#button);
    this.#show();
  }

  #show(isOpen = false) {
    if (this.#picture) this.#picture.hidden = !isOpen;
    this.#button.hidden = !this.#desk.matches;
    this.#button.setAttribute("aria-expanded", `${isOpen}`);
  }
}
