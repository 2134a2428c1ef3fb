/** @type {import("./elements.d.ts").Make} */
export const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name] ?? "");
  element.append(...children);
  return element;
};

/** @type {import("./elements.d.ts").Say} */
export const say = (element, name, english = "Something went wrong. Please try again later.", values = {}) => {
  const question = element.querySelector(`.askfirst-prompt[data-${CSS.escape(name)}]`);
  const words = element.dataset[name] ?? question?.getAttribute(`data-${name}`) ?? english;
  const inQuestion = element.querySelector(".askfirst-prompt[data-digits]")?.getAttribute("data-digits");
  const digits = element.getAttribute("data-digits") ?? inQuestion ?? "0123456789"; // those of the language, from zero
  const count = /** @param {string} text */ (text) => text.replace(/[0-9]/g, (digit) => digits[+digit] ?? digit);
  return words.replace(/{(\w+)}/g, (_, key) => count(`${values[key] ?? ""}`));
};

/** @type {import("./elements.d.ts").Post} */
export const post = async (element, address, body, options) => {
  const headers = { "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body), ...options };
  const response = await fetch(address, request).catch(() => null);
  const said = await response?.json().catch(() => null);
  const now = Date.parse(response?.headers.get("date") ?? "") || Date.now(); // clocks differ
  if (response?.ok) return { said: { ...said, now } };
  /** @type {{message: string}[]} as in RFC 9457 */
  const errors = said?.errors ?? [];
  const words = errors.map(({ message }) => message).join(" ") || said?.detail;
  return { wrong: words || say(element, "failed"), isField: errors.length > 0 };
};
