// A chat on your site: <script src="https://…/chat/NAME/element.js" async></script> and, where you like,
// <holdord-chat lang="da" name="…" email="…"></holdord-chat>. Without the element one is put at the end of the page.
// Yours to set in CSS: --holdord-chat-accent, --holdord-chat-on-accent, --holdord-chat-radius, --holdord-chat-gap.
// No cookies. What it shows stands in a frame of the desk; nothing of your page is read.
(() => {
  const script = document.currentScript || [...document.scripts].find((each) => /\/chat\/[^/]+\/element\.js/.test(each.src));
  const home = new URL("./", script.src);
  const WORDS = {
    da: ["Skriv med os", "Luk chatten", "Der er svar"],
    nb: ["Chat med oss", "Lukk chatten", "Du har fått svar"],
    sv: ["Chatta med oss", "Stäng chatten", "Du har fått svar"],
    de: ["Schreiben Sie uns", "Chat schließen", "Es gibt eine Antwort"],
    en: ["Chat with us", "Close the chat", "There is an answer"],
  };
  const STYLE = `
    :host { position: fixed; inset-block-end: var(--holdord-chat-gap, 1rem); inset-inline-end: var(--holdord-chat-gap, 1rem); z-index: 2147483000; display: grid; gap: .5rem; justify-items: end; font: 600 1rem/1.25 system-ui, sans-serif; }
    :host([hidden]) { display: none; }
    button { all: unset; box-sizing: border-box; display: inline-flex; gap: .5rem; align-items: center; min-block-size: 3rem; padding: .5rem 1.125rem; border-radius: var(--holdord-chat-radius, 1.5rem); background: var(--holdord-chat-accent, #005570); color: var(--holdord-chat-on-accent, #fff); cursor: pointer; box-shadow: 0 2px 12px rgb(0 0 0 / .2); }
    button:focus-visible { outline: 3px solid var(--holdord-chat-accent, #005570); outline-offset: 3px; }
    [data-news]::after { content: ""; inline-size: .625rem; block-size: .625rem; border-radius: 50%; background: #ffb020; }
    .panel { inline-size: min(24rem, 100vw - 2rem); block-size: min(36rem, 100dvh - 7rem); border-radius: 1rem; overflow: hidden; box-shadow: 0 8px 40px rgb(0 0 0 / .25); background: Canvas; }
    .panel[hidden] { display: none; }
    iframe { border: 0; inline-size: 100%; block-size: 100%; display: block; }
    @media (prefers-reduced-motion: no-preference) { .panel { animation: rise .15s ease-out; } @keyframes rise { from { translate: 0 .5rem; opacity: 0; } } }
    @media (max-width: 30rem) { .panel { inline-size: calc(100vw - 2rem); block-size: calc(100dvh - 6rem); } }`;

  class HoldordChat extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const lang = (this.lang || document.documentElement.lang || "en").slice(0, 2).replace(/^(no|nn)$/, "nb");
      this.words = WORDS[lang] || WORDS.en;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.panel = Object.assign(document.createElement("div"), { className: "panel", hidden: true });
      this.button = document.createElement("button");
      this.button.type = "button";
      this.say(false);
      this.button.addEventListener("click", () => (this.panel.hidden ? this.open() : this.close()));
      root.append(this.panel, this.button);
      root.addEventListener("keydown", (event) => event.key === "Escape" && !this.panel.hidden && this.close());
      addEventListener("message", (event) => this.hear(event));
      this.address = new URL(home);
      this.address.searchParams.set("lang", lang);
      const known = new URLSearchParams();
      const at = sessionStorage.getItem(`holdord.${home}`);
      if (at) known.set("at", at);
      for (const name of ["name", "email", "visitor"]) if (this.getAttribute(name)) known.set(name, this.getAttribute(name));
      this.address.hash = known;
      if (this.hasAttribute("open")) this.open();
    }

    open() {
      if (!this.frame) {
        this.frame = document.createElement("iframe");
        this.frame.title = this.words[0];
        this.frame.referrerPolicy = "origin";
        this.frame.src = this.address;
        this.frame.addEventListener("load", () => this.tell(this.panel.hidden ? "closed" : "open"));
        this.panel.append(this.frame);
      }
      this.panel.hidden = false;
      this.say(true);
      this.tell("open");
      this.frame.focus();
    }

    close() {
      this.panel.hidden = true;
      this.say(false);
      this.tell("closed");
      this.button.focus();
    }

    say(isOpen) {
      this.button.textContent = this.words[isOpen ? 1 : 0];
      this.button.setAttribute("aria-expanded", String(isOpen));
      this.button.removeAttribute("data-news");
      this.button.removeAttribute("aria-description");
    }

    tell(what) {
      this.frame?.contentWindow.postMessage({ holdord: what }, home.origin);
    }

    hear(event) {
      if (event.source !== this.frame?.contentWindow || event.origin !== home.origin) return;
      if (event.data?.holdord === "close") this.close();
      if (event.data?.holdord === "at") sessionStorage.setItem(`holdord.${home}`, event.data.at);
      if (event.data?.holdord === "news" && this.panel.hidden) {
        this.button.setAttribute("data-news", "");
        this.button.setAttribute("aria-description", this.words[2]);
      }
    }
  }

  if (!customElements.get("holdord-chat")) customElements.define("holdord-chat", HoldordChat);
  const begin = () => document.querySelector("holdord-chat") || document.body.append(document.createElement("holdord-chat"));
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
