// The side panel: what goes over the wire, and what the platform can be made to do.

import { h, icon } from "./dom.js";
import { on, store } from "./store.js";
import { drawLog, prependLog } from "./panel_log.js";
import { drawFaults } from "./panel_faults.js";
import { drawMedia, drawNotices, drawSettings, drawTokens } from "./panel_state.js";

const TABS = [
  ["log", "日志", drawLog],
  ["faults", "故障", drawFaults],
  ["tokens", "凭证", drawTokens],
  ["media", "媒体", drawMedia],
  ["notices", "通知", drawNotices],
  ["settings", "设置", drawSettings],
];

export class Panel {
  constructor(root) {
    this.root = root;
    this.chosen = "log";
    this.wide = matchMedia("(min-width: 900px)");
    this.tabs = new Map(TABS.map(([id, name]) => [id, this.tab(id, name)]));
    this.body = h("div", { class: "tab-body", role: "tabpanel", id: "panel-body", tabIndex: 0 });
    const close = h(
      "button",
      { type: "button", class: "bar-button panel-close", "aria-label": "回到手机", onclick: () => this.show(false) },
      icon("close"),
    );
    this.link = h("span", { role: "status", class: "bad" });
    root.append(
      h("header", { class: "panel-head" }, h("h2", {}, "微信平台(模拟)"), this.link, close),
      h("div", { class: "tabs", role: "tablist", "aria-label": "平台面板" }, ...this.tabs.values()),
      this.body,
    );
    this.wide.addEventListener("change", () => this.show(false));
    on("all", () => this.draw());
    on("panel", () => this.refresh());
    on("log", (entry) => this.chosen === "log" && prependLog(this.body, entry));
    on("connection", (alive) => (this.link.textContent = alive ? "" : "和模拟器的连接断了,正在重连"));
    this.show(false);
  }

  tab(id, name) {
    const count = h("span", { class: "count", hidden: true });
    const tab = h(
      "button",
      {
        type: "button",
        class: "tab",
        role: "tab",
        id: `tab-${id}`,
        "aria-controls": "panel-body",
        onclick: () => this.choose(id),
        onkeydown: (event) => this.move(event, id),
      },
      name,
      count,
    );
    return tab;
  }

  move(event, id) {
    const ids = [...this.tabs.keys()];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = ids[(ids.indexOf(id) + step + ids.length) % ids.length];
    this.choose(next);
    this.tabs.get(next).focus();
  }

  choose(id) {
    this.chosen = id;
    this.draw();
    this.body.scrollTop = 0;
  }

  draw() {
    if (!store.panel) return;
    for (const [id, tab] of this.tabs) {
      tab.setAttribute("aria-selected", String(id === this.chosen));
      tab.tabIndex = id === this.chosen ? 0 : -1;
    }
    this.body.setAttribute("aria-labelledby", `tab-${this.chosen}`);
    const faults = store.panel.faults.length;
    const count = this.tabs.get("faults").querySelector(".count");
    count.hidden = faults === 0;
    count.textContent = String(faults);
    const [, , draw] = TABS.find(([id]) => id === this.chosen);
    draw(this.body);
  }

  /** Redraw, unless it would take a form away from under somebody's hands. */
  refresh() {
    const busy = this.body.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
    if (this.chosen === "log" || busy) {
      const chosen = this.chosen;
      const faults = store.panel.faults.length;
      const count = this.tabs.get("faults").querySelector(".count");
      count.hidden = faults === 0;
      count.textContent = String(faults);
      if (chosen === "faults") drawFaults(this.body, { listOnly: true });
      return;
    }
    const at = this.body.scrollTop;
    const focused = document.activeElement?.dataset?.key;
    this.draw();
    this.body.scrollTop = at;
    if (focused) this.body.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  show(open) {
    this.root.hidden = !(open || this.wide.matches);
    if (open) this.tabs.get(this.chosen).focus();
  }
}
