// A picture opens large over the page, with arrows to its neighbours; Escape and a click beside it close it. Without
// this script it opens in a tab of its own.
let shown = [], at = 0, frame;

export function watchPictures(words) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-pictures] a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    shown = [...link.closest("[data-pictures]").querySelectorAll("a")];
    frame ??= made(words);
    frame.showModal();
    show(shown.indexOf(link));
  });
}

function made(words) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "picture" });
  const place = document.createElement("img");
  const step = (label, sign, by) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: sign });
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => (by ? show(at + by) : dialog.close()));
    return button;
  };
  const bar = Object.assign(document.createElement("div"), { className: "rowx" });
  bar.append(step(words.earlier_picture, "←", -1), step(words.later_picture, "→", 1), step(words.close, "×", 0));
  dialog.append(place, bar);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
    event.stopPropagation();
  });
  document.body.append(dialog);
  return dialog;
}

function show(number) {
  at = (number + shown.length) % shown.length;
  const small = shown[at].querySelector("img");
  const picture = frame.querySelector("img");
  picture.src = shown[at].href;
  picture.alt = small.alt;
  frame.setAttribute("aria-label", small.alt);
  for (const button of [...frame.querySelectorAll("button")].slice(0, 2)) button.hidden = shown.length < 2;
}
