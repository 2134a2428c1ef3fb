// Plays the operations of n8n-nodes-askfirst, as it writes calls and reads answers, without n8n around it.
import { createRequire } from "node:module";

const { BUILT, GATEWAY, KEY, NUMBER, CUSTOMER } = process.env;
const require = createRequire(import.meta.url);
const { requestOf } = require(`${BUILT}/nodes/Askfirst/requests.js`);
const { outcomeOf } = require(`${BUILT}/nodes/Askfirst/answers.js`);

const jsonOf = async (answer) => answer.json().catch(() => undefined);

async function perform(operation, parameters, key = KEY) {
  const { method, path, body, headers } = requestOf(operation, (name) => parameters[name] ?? "");
  const answer = await fetch(GATEWAY + path, {
    method,
    headers: { ...headers, authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return outcomeOf(operation, { statusCode: answer.status, body: await jsonOf(answer) });
}

const offer = { sender: NUMBER, to: `+${CUSTOMER}`, template: "summer_offer", language: "en_US" };
const person = { contactBy: "phone", contact: `+${CUSTOMER}` };
const send = (key) => perform("message.send", { ...offer, messageType: "template", "sendOptions.campaign": "spring" }, key);
const check = (asked) => perform("message.check", { ...offer, ...asked });
const get = () => perform("contact.get", person);

async function token() {
  const url = `${GATEWAY}/v1/prompts/signup/render?locale=en`;
  return (await jsonOf(await fetch(url, { headers: { authorization: `Bearer ${KEY}` } }))).token;
}

const yes = { ...person, numberProof: "vouched", "recordOptions.idempotencyKey": "form-7" };
const no = { ...person, kindOfNo: "withdraw", purposes: "", surface: "phone" };
console.log(
  JSON.stringify({
    stranger: await get(),
    unasked: await send(),
    checked: await check({ checkedFor: "template" }),
    reply: await check({ checkedFor: "text" }),
    orders: await check({ checkedFor: "purpose", purpose: "utility" }),
    claim: await perform("contact.recordYes", { ...yes, basis: "claim", purposes: "marketing", surface: "paper", takenBy: "A. Clerk", "recordOptions.idempotencyKey": "" }),
    yes: await perform("contact.recordYes", { ...yes, basis: "token", promptToken: await token() }),
    known: await get(),
    rechecked: await check({ checkedFor: "template" }),
    sent: await send(),
    no: await perform("contact.recordNo", no),
    stopped: await send(),
    unreadable: await perform("contact.recordNo", { ...no, purposes: "no purpose" }),
    stolen: await send("ask_no"),
  }),
);
