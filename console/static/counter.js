// The counter page: what the server shows is put in place as it changes, and a key is a press of the button it stands on.

import { watch } from "./live.js";

const form = document.getElementById("act");
const region = document.getElementById("live");
const told = document.getElementById("told");
const connection = document.getElementById("connection");
const LOG_IN = "/console/login";
// Somebody who works here keeps the session; told so seldom that it costs nothing.
const HERE_EVERY = 5 * 60 * 1000;
const TRIES = [0, 600, 1500, 3000];

let pressing = "";
let following = "";
let leaving = false;
let lastHere = Date.now();

function say(words, wrong = false) {
  told.textContent = words;
  told.classList.toggle("wrong", wrong);
}

function show(data) {
  if (data.closed) {
    if (!leaving) location.href = "/console/counter?choose";
    leaving = true;
    return;
  }
  if (data.html && data.html !== region.dataset.shown) {
    const focused = document.activeElement?.closest("#live") ? document.activeElement : null;
    const selector = focused && (focused.id ? `#${focused.id}` : `[data-key="${focused.dataset.key}"]`);
    region.innerHTML = data.html;
    region.dataset.shown = data.html;
    if (selector) region.querySelector(selector)?.focus();
  }
  region.dataset.revision = data.revision;
  const open = !region.querySelector('[data-key="8"]');
  for (const button of document.querySelectorAll("[data-when=open]")) button.hidden = !open;
  tick();
}

// How long the citizen has been there.
function tick() {
  for (const time of region.querySelectorAll("time[data-since]")) {
    const since = Date.parse(time.dataset.since);
    if (Number.isNaN(since)) continue;
    const seconds = Math.max(0, Math.floor((Date.now() + skew - since) / 1000));
    const minutes = Math.floor(seconds / 60);
    time.textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

// The counter's own clock may be wrong: the server's counts.
let skew = 0;
function setClock(answer) {
  const served = Date.parse(answer.headers.get("X-Now") ?? answer.headers.get("Date") ?? "");
  if (!Number.isNaN(served)) skew = served - Date.now();
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keyed(key) {
  return [...document.querySelectorAll(`[data-key="${key}"]`)].find((one) => !one.hidden);
}

async function press(button) {
  // While one press is on its way the same one again is the same; another one follows it.
  if (pressing) {
    following = button.value === pressing ? "" : (button.dataset.key ?? "");
    return;
  }
  if (button.disabled) {
    say(`${button.title || "现在不能这样做"}。`, true);
    return;
  }
  pressing = button.value;
  document.body.setAttribute("aria-busy", "true");
  const fields = new URLSearchParams(new FormData(form, button));
  // One key for one press, however often it has to be sent.
  fields.set("key", newKey());
  try {
    await send(fields);
  } finally {
    pressing = "";
    document.body.removeAttribute("aria-busy");
  }
  const next = following && keyed(following);
  following = "";
  if (next) await press(next);
}

async function send(fields) {
  for (const [attempt, pause] of TRIES.entries()) {
    if (pause) {
      say(`没有连上,正在再试(第 ${attempt + 1} 次)…`, true);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: fields,
        headers: { Accept: "application/json" },
      });
      setClock(answer);
      if (answer.status >= 502) continue;
      return took(answer.status, await answer.json());
    } catch {
      // Not reached, or the answer was lost: the same key makes sending it again harmless.
    }
  }
  say("连不上服务器,不知道这一下有没有执行。连上后页面会自己更新,请看清再按。", true);
}

function took(status, data) {
  if (status === 401) {
    gone();
    return;
  }
  if (data.html || data.closed) {
    live.seen(data.revision);
    show(data);
  }
  say(data.said ?? `${data.wrong}。${data.words ?? ""}`, data.said ? data.wrong : true);
}

function gone() {
  const link = document.createElement("a");
  link.href = `${LOG_IN}?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = "重新登录";
  connection.replaceChildren("登录已过期,页面不再更新。请", link, "。");
  connection.className = "connection lost";
  say("登录已过期,刚才这一步没有执行。", true);
}

form.addEventListener("submit", (event) => {
  if (!event.submitter) return;
  event.preventDefault();
  press(event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (!/^[0-9]$/.test(event.key)) return;
  const button = keyed(event.key);
  if (!button) return;
  event.preventDefault();
  // What needs a choice, or is not done in passing, is gone to; Enter then does it.
  const goal = button.dataset.focus && document.getElementById(button.dataset.focus);
  if (goal) {
    goal.focus();
    say(goal === button ? "再按回车就关窗。" : "选好后按回车。");
    return;
  }
  press(button);
});

// In a list beside its button Enter presses the button; Escape goes back to the numbers.
for (const list of document.querySelectorAll(".tools select")) {
  list.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      press(list.parentElement.querySelector("button"));
      list.blur();
    } else if (event.key === "Escape") {
      list.blur();
      say("");
    }
  });
}

for (const kind of ["keydown", "pointerdown"]) {
  document.addEventListener(kind, () => {
    if (Date.now() - lastHere < HERE_EVERY) return;
    lastHere = Date.now();
    fetch("/console/here", { headers: { Accept: "application/json" } }).catch(() => {});
  });
}

const live = watch(form.dataset.live, {
  snapshot: show,
  state(state, seconds) {
    if (state === "gone") return gone();
    connection.className = `connection ${state}`;
    connection.textContent = state === "live" ? "● 实时" : `○ 连接断了,正在重连…(${seconds} 秒)`;
  },
});
setInterval(tick, 1000);
tick();
