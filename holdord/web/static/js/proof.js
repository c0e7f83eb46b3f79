// A robot that sends a thousand forms has to work for each; a person's browser does it while they type, in a thread of
// its own. No puzzle, nothing to see. Where it can't be done the form is sent without.
export function workFor(form) {
  if (!window.Worker || !window.isSecureContext) return;
  const worker = new Worker(new URL("./proof-worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", (event) => {
    form.elements.proof.value = event.data;
    worker.terminate();
  });
  worker.addEventListener("error", () => worker.terminate());
  worker.postMessage({ challenge: `${form.elements.offer.value}.${form.elements.key.value}`, bits: Number(form.dataset.proof) });
}
