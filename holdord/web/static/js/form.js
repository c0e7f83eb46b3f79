import { watchChosen } from "./chosen.js";

// The contact form keeps what is typed on this device until it is sent, and says that it did.
const form = document.querySelector("form[data-keep]");
const key = form && `form:${location.pathname}`;
const fields = ["text", "name", "email"];

if (form) {
  const kept = JSON.parse(localStorage.getItem(key) || "{}");
  for (const name of fields) if (kept[name] && !form.elements[name].value) form.elements[name].value = kept[name];
  form.addEventListener("input", keep);
  watchChosen();
}
if (document.querySelector("[data-sent]")) for (const name of Object.keys(localStorage)) if (name.startsWith("form:")) localStorage.removeItem(name);

function keep() {
  localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields.map((name) => [name, form.elements[name].value]))));
  form.querySelector("[data-kept]").hidden = false;
}
