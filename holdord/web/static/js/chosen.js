// What was chosen to be sent: small pictures of it, each with a button to take it out, and a tile to add more. Works for
// the forms of customers and the desk's composer; without this script the browser's own field does.
const watched = new WeakMap();

document.addEventListener("submit", (event) => {
  const heavy = event.target.querySelector("[data-too-heavy]");
  if (!heavy) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  heavy.scrollIntoView({ block: "center" });
  heavy.querySelector("[data-chosen] button")?.focus();
}, true);

export function watchChosen() {
  for (const field of document.querySelectorAll("[data-files]")) {
    const input = field.querySelector("input[type=file]");
    // A page that was drawn anew keeps the field, and what was chosen in it.
    if (!watched.has(input)) watched.set(input, watch(field, input));
    watched.get(input)();
  }
}

function watch(field, input) {
  let files = [];
  input.addEventListener("change", () => {
    files = [...files, ...[...input.files].filter((file) => !files.some((known) => same(known, file)))];
    draw();
  });
  if ("add" in field.dataset) {
    input.classList.add("sr");
    input.tabIndex = -1;
  }
  return () => {
    files = [...input.files];
    draw();
  };

  function draw() {
    const held = new DataTransfer();
    files.forEach((file) => held.items.add(file));
    input.files = held.files;
    const place = field.querySelector("[data-chosen]");
    place.replaceChildren(...files.map((file) => tile(file)), ...more());
    weigh();
  }

  // Said before they are sent: over a slow line the answer to too much would come after minutes.
  function weigh() {
    const heavy = "most" in field.dataset && files.reduce((sum, file) => sum + file.size, 0) > Number(field.dataset.most);
    field.toggleAttribute("data-too-heavy", heavy);
    field.querySelector("[data-weight]")?.remove();
    if (!heavy) return;
    const said = Object.assign(document.createElement("p"), { className: "err", textContent: field.dataset.heavy });
    said.dataset.weight = "";
    said.setAttribute("role", "alert");
    field.append(said);
  }

  function tile(file) {
    const made = document.createElement("div");
    made.className = "thumb";
    made.title = file.name;
    const out = button("", () => {
      files = files.filter((other) => other !== file);
      draw();
      field.querySelector("[data-chosen] button")?.focus();
    });
    out.setAttribute("aria-label", field.dataset.remove.replace("#", file.name));
    out.append(cross());
    made.append(look(file), out);
    return made;
  }

  function more() {
    if (!("add" in field.dataset)) return [];
    const add = button(files.length ? field.dataset.add : field.dataset.first, () => open(input));
    add.className = "thumb add";
    // A phone asks "camera or file?" by itself only in some browsers: one tile goes straight to the camera.
    if (!matchMedia("(pointer: coarse)").matches) return [add];
    const photo = button(field.dataset.photo, () => {
      input.setAttribute("capture", "environment");
      input.accept = "image/*";
      open(input);
      input.removeAttribute("capture");
      input.accept = "";
    });
    photo.className = "thumb add";
    return [photo, add];
  }
}

function open(input) {
  input.click();
}

function same(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  made.addEventListener("click", act);
  return made;
}

function cross() {
  const made = Object.assign(document.createElement("span"), { textContent: "×" });
  made.setAttribute("aria-hidden", "true");
  return made;
}

// Drawn on a canvas: our pages load pictures from nowhere but us. What the browser can't draw (HEIC) shows its name.
function look(file) {
  const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
  if (!file.type.startsWith("image/")) return name;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", file.name);
  createImageBitmap(file)
    .then((picture) => {
      const side = Math.min(picture.width, picture.height);
      canvas.width = canvas.height = 144;
      canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, 144, 144);
      picture.close();
    })
    .catch(() => canvas.replaceWith(name));
  return canvas;
}
