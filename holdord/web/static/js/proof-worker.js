// Seeks a number for which SHA-256 over the challenge and it begins with so many zero bits.
const encoder = new TextEncoder();

self.addEventListener("message", async ({ data: { challenge, bits } }) => {
  for (let first = 0; ; first += 256) {
    const found = await Promise.all(Array.from({ length: 256 }, (_, at) => fits(`${challenge}.${first + at}`, bits)));
    const at = found.indexOf(true);
    if (at >= 0) return self.postMessage(String(first + at));
  }
});

async function fits(text, bits) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return new DataView(digest).getUint32(0) >>> (32 - bits) === 0;
}
