// The form of a ready answer: variables at a click, and how it would read with a client's data.

const EXAMPLE = {
  "{nome}": "Maria Souza", "{primeiro_nome}": "Maria", "{consultor}": "Ana Clara", "{empresa}": "Lívia Crédito",
  "{produto}": "Garantia de imóvel", "{valor}": "R$ 150.000,00", "{prazo}": "120 meses", "{saudacao}": "bom dia",
};

function preview() {
  const [field, shown] = [document.querySelector("[data-canned-text]"), document.querySelector("[data-canned-preview]")];
  if (!field || !shown) return;
  shown.textContent = field.value.replace(/\{[a-z_]+\}/g, (place) => EXAMPLE[place] ?? place);
  shown.parentElement.hidden = !field.value.trim();
}

document.addEventListener("input", ({ target }) => target.matches?.("[data-canned-text]") && preview());
document.addEventListener("htmx:afterSettle", preview);
document.addEventListener("click", ({ target }) => {
  const chip = target.closest?.("[data-insert]");
  const field = chip && document.querySelector("[data-canned-text]");
  if (!field) return;
  field.setRangeText(chip.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  preview();
});
