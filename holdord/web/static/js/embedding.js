// Put this script where the form shall stand on your site: <script src="https://…/write/NAME/embedding.js" async></script>
// It makes a frame that grows with what is in it. No cookies, nothing of your page is read.
(() => {
  const script = document.currentScript || [...document.scripts].find((each) => /\/write\/[^/]+\/embedding\.js/.test(each.src));
  const there = new URL("./framed/", script.src);
  const lang = script.dataset.lang || document.documentElement.lang;
  if (lang) there.searchParams.set("lang", lang);
  const frame = document.createElement("iframe");
  frame.src = there;
  frame.title = script.dataset.title || "Contact";
  frame.referrerPolicy = "origin";
  frame.style.cssText = "border:0;inline-size:100%;block-size:60rem;display:block";
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== there.origin || event.data?.holdord !== "height") return;
    frame.style.blockSize = `${Math.ceil(Number(event.data.height)) || 960}px`;
  });
  script.after(frame);
})();
