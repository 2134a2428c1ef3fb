// The tags, events and shapes for TypeScript. Browsers never load this file.
import type { AskfirstChat } from "./chat.js";
import type { AskfirstCode } from "./code.js";
import type { AskfirstCountry } from "./country.js";
import type { AskfirstOptin, AskfirstOrder } from "./optin.js";

export type Answer = "grant" | "refuse";

/** Of `askfirst-answer`. `answer` is null where a tick was taken back. */
export interface AnswerDetail {
  key: string;
  answer: Answer | null;
  token: string;
}

/** `waiting`: the person sends the message, and there is no code to type. */
export type CodeState =
  | "number"
  | "sent"
  | "waiting"
  | "wrong"
  | "expired"
  | "used"
  | "locked"
  | "approved";

/** Of `askfirst-code`. */
export interface CodeDetail {
  state: CodeState;
}

/** What the addresses `request` and `resend` answer; `now`, the server's time, is read from the `Date` header. */
export interface Sent {
  id: string;
  masked?: string;
  channel?: string;
  expires_at?: string;
  resend_at?: string;
  reminder?: string;
  open_url?: string;
  qr_url?: string;
  now: number;
}

/** What the address `check` answers. */
export interface Checked {
  result: Exclude<CodeState, "number" | "sent">;
  tries_left?: number;
}

/** Makes an element. Attributes only: no style and no handler, which a strict policy refuses. */
export type Make = (
  tag: string,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
) => HTMLElement;

/**
 * Finds words: the `data-…` that the product has put on the tag, or else those that came with the
 * question, or else English. `values` fill {places}.
 */
export type Say = (
  element: HTMLElement,
  name: string,
  english?: string,
  values?: Record<string, unknown>,
) => string;

/** Posts JSON. Gives what was `said`, or what went `wrong` in words for people; `isField`: with what they typed. */
export type Post = (
  element: HTMLElement,
  address: URL | string,
  body: object,
  options: RequestInit,
) => Promise<{ said?: any; wrong?: string; isField?: boolean }>;

declare global {
  interface HTMLElementTagNameMap {
    "askfirst-chat": AskfirstChat;
    "askfirst-code": AskfirstCode;
    "askfirst-country": AskfirstCountry;
    "askfirst-optin": AskfirstOptin;
    "askfirst-order": AskfirstOrder;
  }

  interface HTMLElementEventMap {
    "askfirst-answer": CustomEvent<AnswerDetail>;
    "askfirst-code": CustomEvent<CodeDetail>;
  }
}
