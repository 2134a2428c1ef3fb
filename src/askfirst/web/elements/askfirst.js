import { AskfirstChat } from "./chat.js";
import { AskfirstCode } from "./code.js";
import { AskfirstCountry } from "./country.js";
import { AskfirstOptin, AskfirstOrder } from "./optin.js";

const elements = { chat: AskfirstChat, code: AskfirstCode, country: AskfirstCountry, optin: AskfirstOptin, order: AskfirstOrder };

for (const [name, element] of Object.entries(elements)) {
  customElements.get("askfirst-" + name) ?? customElements.define("askfirst-" + name, element);
}
