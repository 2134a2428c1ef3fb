// Passkeys: the one thing in the console that needs a script, because browsers give them to scripts alone. A form that
// has one asks the server, asks the browser, and is sent with the answer. Where there are no passkeys it stays hidden.

/** @param {string} text in base64url */
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** @param {ArrayBuffer | null} buffer */
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/**
 * @typedef {{ type: "public-key", id: string, transports?: AuthenticatorTransport[] }} Named
 * @typedef {{ challenge: string, user?: { id: string, name: string, displayName: string }, excludeCredentials?: Named[] }} Question
 */

/** @param {Question & Record<string, unknown>} question as JSON has it */
const create = (question) => {
  const user = { id: "", name: "", displayName: "", ...question.user };
  const known = (question.excludeCredentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
  const publicKey = { ...question, challenge: toBytes(question.challenge), user: { ...user, id: toBytes(user.id) }, excludeCredentials: known };
  return navigator.credentials.create({ publicKey: /** @type {PublicKeyCredentialCreationOptions} */ (/** @type {unknown} */ (publicKey)) });
};

/** @param {Question & Record<string, unknown>} question as JSON has it */
const get = (question) => {
  const publicKey = { ...question, challenge: toBytes(question.challenge), allowCredentials: [] };
  return navigator.credentials.get({ publicKey: /** @type {PublicKeyCredentialRequestOptions} */ (/** @type {unknown} */ (publicKey)) });
};

/** @param {PublicKeyCredential} given */
const written = ({ id, rawId, type, response }) => {
  const said = { clientDataJSON: toText(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    const made = { attestationObject: toText(response.attestationObject), transports: response.getTransports?.() ?? [] };
    return JSON.stringify({ id, rawId: toText(rawId), type, response: { ...said, ...made } });
  }
  const { authenticatorData, signature, userHandle } = /** @type {AuthenticatorAssertionResponse} */ (response);
  const signed = { authenticatorData: toText(authenticatorData), signature: toText(signature), userHandle: toText(userHandle) };
  return JSON.stringify({ id, rawId: toText(rawId), type, response: { ...said, ...signed } });
};

/** Have the form say what a person reads: in their language, from the server or from the page. */
class Wrong extends Error {}

/** @param {HTMLFormElement} form @returns {Promise<string>} */
const ask = async (form) => {
  const { question = "", failed = "" } = form.dataset;
  const fields = /** @type {[string, string][]} */ ([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const told = await fetch(question, { method: "POST", body: new URLSearchParams(fields) }).catch(() => null);
  const said = await told?.json().catch(() => null);
  if (!told?.ok || !said) throw new Wrong(said?.detail ?? failed);
  const given = await (form.dataset["passkey"] === "create" ? create(said) : get(said));
  if (!(given instanceof PublicKeyCredential)) throw new Wrong(failed);
  return written(given);
};

/** @param {HTMLFormElement} form @param {unknown} error */
const reason = ({ dataset: { cancelled = "", failed = "", known = failed } }, error) => {
  if (error instanceof Wrong) return error.message;
  const name = error instanceof DOMException ? error.name : "";
  return name === "NotAllowedError" || name === "AbortError" ? cancelled : name === "InvalidStateError" ? known : failed;
};

/** @param {HTMLFormElement} form */
const serve = (form) => {
  const button = form.querySelector("button");
  const answer = form.querySelector("input[name=answer]");
  const problem = form.querySelector(".problem");
  if (!button || !(answer instanceof HTMLInputElement) || !problem) return;
  form.onsubmit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      answer.value = await ask(form);
      form.querySelector("input[type=password]")?.remove(); // it was looked at: it need not travel twice
      form.submit();
    } catch (error) {
      problem.textContent = reason(form, error);
      button.disabled = false;
      button.focus();
    }
  };
  form.hidden = false;
};

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) if (form instanceof HTMLFormElement) serve(form);
  for (const words of document.querySelectorAll("[data-passkey-missing]")) words.remove();
}
