// The contact form keeps what is typed on this device until it is sent, and says that it did.
import { watchChosen } from "./chosen.js";
import { workFor } from "./proof.js";
import { watchArticles } from "./articles.js";

const form = document.querySelector("form[data-keep]");
const key = form && `form:${location.pathname.replace("framed/", "").replace("post/", "")}`;
const store = here();

if (form) {
  restore();
  form.addEventListener("input", keep);
  form.querySelector("[data-afresh]").addEventListener("click", afresh);
  watchChosen();
  form.addEventListener("input", () => workFor(form), { once: true });
  watchArticles(form);
}
if (document.querySelector("[data-sent]")) for (const name of Object.keys(store)) if (name.startsWith("form:")) store.removeItem(name);

// In a frame on another site a browser may refuse: then nothing is kept, and nothing is said.
function here() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {}, refuses: true };
  }
}

function typed() {
  return [...form.elements].filter((field) => field.name && !["hidden", "file", "submit"].includes(field.type) && field.name !== "website");
}

function restore() {
  const kept = JSON.parse(store.getItem(key) || "{}");
  let any = false;
  for (const field of typed()) {
    const value = kept[field.name];
    if (!value || (field.type !== "checkbox" && field.value)) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
    any = true;
  }
  if (any) say();
}

function keep() {
  const values = typed().map((field) => [field.name, field.type === "checkbox" ? (field.checked ? "on" : "") : field.value]);
  try {
    store.setItem(key, JSON.stringify(Object.fromEntries(values)));
  } catch {
    return;
  }
  // A file that was chosen is not kept: of a file alone nothing may be said.
  if (!store.refuses && values.some(([, value]) => value)) say();
}

function say() {
  form.querySelector("[data-kept]").hidden = false;
}

function afresh() {
  store.removeItem(key);
  for (const field of typed()) field.type === "checkbox" ? (field.checked = false) : (field.value = "");
  form.querySelector("[data-kept]").hidden = true;
  form.elements.text.focus();
}
