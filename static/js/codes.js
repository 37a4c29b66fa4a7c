// Copies the backup codes, a line each.

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy-codes]");
  if (!button) return;
  const codes = [...document.querySelectorAll(`#${button.dataset.copyCodes} code`)].map((code) => code.textContent);
  const label = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(codes.join("\n"));
    label.textContent = button.dataset.copied;
    label.setAttribute("role", "status");
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copyCodes)); // the person copies
  }
});
