// Snapshots by server-sent events. A connection that is lost is said in words and made again; every snapshot is
// whole, so that nothing is missed in between.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 10000;
// The server says something every few seconds; a connection that is silent for so long is dead without knowing it.
const SILENCE = 20000;

/**
 * @param {string} url
 * @param {{snapshot: (data: any) => void, state: (state: "live" | "lost" | "gone", seconds: number) => void}} told
 */
export function watch(url, told) {
  let source = null;
  let pause = FIRST_PAUSE;
  let lostSince = 0;
  let again = 0;
  let silent = 0;
  let over = false;
  let revision = 0;

  function lost() {
    lostSince ||= Date.now();
    told.state("lost", Math.round((Date.now() - lostSince) / 1000));
  }

  function heard() {
    clearTimeout(silent);
    silent = setTimeout(() => {
      lost();
      open();
    }, SILENCE);
    lostSince = 0;
    pause = FIRST_PAUSE;
    told.state("live", 0);
  }

  function open() {
    clearTimeout(again);
    clearTimeout(silent);
    source?.close();
    if (over) return;
    source = new EventSource(url);
    source.addEventListener("open", heard);
    source.addEventListener("message", (event) => {
      const data = JSON.parse(event.data);
      heard();
      // An answer to a press may have overtaken it.
      if (data.revision >= revision) {
        revision = data.revision;
        told.snapshot(data);
      }
    });
    source.addEventListener("here", heard);
    source.addEventListener("gone", gone);
    source.addEventListener("error", () => {
      lost();
      // The browser itself tries again unless the server refused.
      if (source.readyState === EventSource.CLOSED) {
        again = setTimeout(open, pause * (0.5 + Math.random() / 2));
        pause = Math.min(pause * 2, LONGEST_PAUSE);
        ask();
      }
    });
  }

  function gone() {
    over = true;
    clearTimeout(silent);
    clearTimeout(again);
    source?.close();
    told.state("gone", 0);
  }

  async function ask() {
    try {
      const separator = url.includes("?") ? "&" : "?";
      const answer = await fetch(`${url}${separator}ask`, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) gone();
    } catch {
      // Not reached: tried again anyway.
    }
  }

  setInterval(() => lostSince && !over && lost(), 1000);
  window.addEventListener("online", () => lostSince && open());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && lostSince && open());
  open();
  return {
    /** What an answer to a press showed: older snapshots no longer count. */
    seen(number) {
      revision = Math.max(revision, number);
    },
  };
}
