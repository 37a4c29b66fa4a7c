// A click on a demo person fills the form. Nobody is signed in here: the server may know this device no longer.

localStorage.removeItem("push-sent");

document.addEventListener("click", (event) => {
  const person = event.target.closest?.("[data-login]");
  if (!person) return;
  const [name, password] = ["id_username", "id_password"].map((id) => document.getElementById(id));
  name.value = person.dataset.login;
  password.value = person.dataset.password;
  if (password.value) password.form.requestSubmit();
  else password.focus();
});
