import { say } from "./make.js";

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
