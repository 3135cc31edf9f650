// Waits for the next change by asking for this page's own URL, and reloads the page then.
(() => {
  "use strict";
  const TYPE = "application/vnd.webzeug.state";
  const state = document.documentElement.dataset.state;
  const waiting = document.getElementById("waiting");
  let current = null;

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  function say(text) {
    if (waiting.textContent !== text) waiting.textContent = text;
  }

  // Whether the server has another state; it answers when it has, or after some time.
  async function hasChanged(signal) {
    const headers = { Accept: TYPE, "If-None-Match": `"${state}"` };
    const options = { headers, signal, cache: "no-store", credentials: "omit" };
    const response = await fetch(location.href, options);
    if (response.status === 304) return false;
    if (response.headers.get("Content-Type") === TYPE) return true;
    throw new Error("another server answers");
  }

  async function wait(signal) {
    let patience = 250;
    while (!signal.aborted) {
      const begin = performance.now();
      try {
        if (await hasChanged(signal)) {
          location.reload();
          return;
        }
        say("This page reloads itself when something changes.");
        patience = 250;
      } catch {
        if (signal.aborted) return;
        say("The server does not answer. This page reloads itself when it does.");
        patience = Math.min(patience * 2, 4000);
      }
      // An answer that comes at once is one of a process that ends.
      if (performance.now() - begin < 1000) await pause(patience);
    }
  }

  // A browser has few connections to one host, so tabs that nobody sees keep none.
  function follow() {
    current?.abort();
    current = null;
    if (document.hidden) return;
    current = new AbortController();
    wait(current.signal);
  }

  say("This page reloads itself when something changes.");
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => current?.abort());
  addEventListener("pageshow", follow);
})();
