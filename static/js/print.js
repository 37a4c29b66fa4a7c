// Printing by a button: what leaves the paper alone is the style sheet's to say.
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) print();
});
