// Markup from elsewhere: known tags and harmless attributes are copied, the rest is left behind.

const TAGS = /^(a|bdi|button|div|fieldset|input|label|legend|p|span)$/;

const ATTRIBUTES = [
  /^class=askfirst-[a-z]+$/,
  /^dir=(ltr|rtl)$/,
  /^hidden=/,
  /^href=https?:\/\//,
  /^lang=[\w-]+$/,
  /^name=askfirst_\w+$/,
  /^rel=noopener noreferrer$/,
  /^target=_blank$/,
  /^type=(checkbox|hidden|submit)$/,
  /^value=/,
  // For `say`, as text:
  /^data-(again|approved|confirm|digits|done|expired|failed|locked|open|over|refused|resent|scan|used|wait|wrong)=/,
];

/** @param {Node} node @returns {Node[]} */
function copied(node) {
  if (node instanceof Text) return [new Text(node.data)];
  if (!(node instanceof Element) || !TAGS.test(node.localName)) return [];
  const copy = document.createElement(node.localName);
  for (const { name, value } of node.attributes) {
    if (ATTRIBUTES.some((known) => known.test(`${name}=${value}`))) copy.setAttribute(name, value);
  }
  if (copy.matches("input:not([type=checkbox],[type=hidden])")) return [];
  copy.append(...[...node.childNodes].flatMap(copied));
  return [copy];
}

/**
 * Fills an empty element with the question at its `src`, in the language around it.
 * @param {HTMLElement} element
 */
export async function fill(element) {
  const source = element.getAttribute("src");
  if (!source || /\S/.test(element.innerHTML)) return;
  try {
    const address = new URL(source, document.baseURI);
    const locale = element.closest("[lang]")?.getAttribute("lang");
    if (locale) address.searchParams.set("locale", locale);
    const { html } = await (await fetch(address, { credentials: "omit" })).json();
    const { body } = new DOMParser().parseFromString(html ?? "", "text/html");
    element.replaceChildren(...[...body.childNodes].flatMap(copied));
  } catch {
    // A question that cannot be read is not asked.
  }
}
