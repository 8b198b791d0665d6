// What the page knows, kept in step with the simulator by server-sent events.

import { get } from "./control.js";

export const store = {
  account: { name: "", id: "" },
  citizens: new Map(),
  messages: new Map(),
  menu: null,
  log: [],
  panel: null,
};

const MOST_LOG = 300;
const MOST_MESSAGES = 400;
const listeners = new Map();

/** Call `listener(detail)` whenever something of that kind changes; gives a function that ends it. */
export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(listener);
  return () => listeners.get(kind).delete(listener);
}

function tell(kind, detail) {
  for (const listener of listeners.get(kind) ?? []) listener(detail);
}

/** Read everything anew. */
export async function load() {
  const state = await get("state");
  store.account = state.account;
  store.citizens = new Map(state.citizens.map((citizen) => [citizen.openid, citizen]));
  store.messages = new Map(Object.entries(state.messages));
  store.menu = state.menu;
  store.log = state.log;
  store.panel = state.panel;
  tell("all");
}

let panelTimer = null;

function refreshPanel() {
  if (panelTimer) return;
  panelTimer = setTimeout(async () => {
    panelTimer = null;
    try {
      store.panel = await get("panel");
      tell("panel");
    } catch {
      // the stream tells when the simulator is back, and everything is read anew then
    }
  }, 150);
}

function keep(message) {
  if (!store.messages.has(message.openid)) store.messages.set(message.openid, []);
  const list = store.messages.get(message.openid);
  const at = list.findIndex((known) => known.id === message.id);
  if (at >= 0) list[at] = message;
  else list.push(message);
  if (list.length > MOST_MESSAGES) list.shift();
}

function happen(event) {
  if (event.type === "resync") load();
  else if (event.type === "message") {
    keep(event.message);
    tell("message", event.message);
  } else if (event.type === "citizen") {
    store.citizens.set(event.citizen.openid, event.citizen);
    tell("citizen", event.citizen);
    refreshPanel();
  } else if (event.type === "menu") {
    store.menu = event.menu;
    tell("menu");
  } else if (event.type === "log") {
    store.log.push(event.entry);
    if (store.log.length > MOST_LOG) store.log.shift();
    tell("log", event.entry);
    refreshPanel();
  } else if (event.type === "panel") refreshPanel();
}

/** Follow what happens; after a break everything is read anew. */
export function follow() {
  const source = new EventSource("live");
  let broken = false;
  source.onmessage = (event) => happen(JSON.parse(event.data));
  source.onerror = () => {
    broken = true;
    tell("connection", false);
  };
  source.onopen = () => {
    if (broken) load();
    broken = false;
    tell("connection", true);
  };
}
