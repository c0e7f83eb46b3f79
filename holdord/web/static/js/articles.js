// While somebody writes, articles that may answer them are shown under their words. They never stand in the way of
// sending; without any nothing is shown.
export function watchArticles(form) {
  const place = form.querySelector("[data-suggested]");
  let timer, asked = "";
  form.elements.text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 700);
  });

  async function ask() {
    const words = form.elements.text.value.trim();
    if (words.length < 15 || words === asked) return;
    asked = words;
    try {
      const body = new URLSearchParams({ text: words.slice(0, 2000) });
      const answer = await fetch(form.dataset.articles, { method: "POST", body });
      place.innerHTML = answer.status === 200 ? await answer.text() : "";
    } catch {
      // No network: the form is kept, and can be sent later.
    }
  }
}
