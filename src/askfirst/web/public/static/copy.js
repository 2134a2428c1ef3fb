// A copy button for each command. Without this file the commands can still be selected.

function button(shell) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "copy";
  element.textContent = "Copy";
  element.addEventListener("click", async () => {
    await navigator.clipboard.writeText(shell.querySelector("code").textContent);
    element.textContent = "Copied";
    setTimeout(() => (element.textContent = "Copy"), 2000);
  });
  return element;
}

if (navigator.clipboard) {
  for (const shell of document.querySelectorAll("[data-copy]")) {
    shell.append(button(shell));
  }
}
