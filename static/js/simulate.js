// A simulation by hand: an offer is taken over with one click, and only fields the product has are shown.

const form = document.getElementById("simulate");
const COLLATERAL = ["home_equity", "real_estate_financing", "auto_equity"];

function show(name, wanted) {
  const field = form.querySelector(`.field-${name}`);
  if (field) field.hidden = !wanted;
}

function fit() {
  const product = form.elements.product.value;
  show("collateral_value", COLLATERAL.includes(product));
  show("down_payment", product === "real_estate_financing");
  show("system", product !== "consorcio");
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "product") fit();
});

form.addEventListener("click", ({ target }) => {
  const offer = target.closest?.("[data-offer]");
  if (!offer) return;
  form.elements.credit_amount.value = offer.dataset.credit;
  form.elements.term_months.value = offer.dataset.term;
  form.dispatchEvent(new Event("offer"));
});

// Pressed twice, it is saved once.
form.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => delete form.dataset.sent);

fit();
