/** @type {import("./elements.d.ts").Make} */
export const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name] ?? "");
  element.append(...children);
  return element;
};

/** @type {import("./elements.d.ts").Say} */
export const say = (element, name, english = "That did not work. Please try again.", values = {}) =>
  (element.dataset[name] ?? english).replace(/{(\w+)}/g, (_, key) => `${values[key] ?? ""}`);
