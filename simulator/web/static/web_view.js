// Pages opened from a chat: those of this machine in the phone, others in a tab of their own.

import { popupDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { openSheet } from "./sheets.js";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Give the address as this page's own origin sees it, or null for a page of another server. */
export function ownAddress(href) {
  const url = new URL(href, location.href);
  const sameMachine = LOOPBACK.has(url.hostname) && LOOPBACK.has(location.hostname) && url.port === location.port;
  if (url.origin !== location.origin && !sameMachine) return null;
  return location.origin + url.pathname + url.search + url.hash;
}

/** Open a page as the citizen's phone would; the cookie tells the web authorisation whose phone it is. */
export function openPage(phone, openid, href) {
  const root = new URL(".", location.href).pathname;
  document.cookie = `simulator_citizen=${encodeURIComponent(openid)}; path=${root}; SameSite=Strict`;
  const own = ownAddress(href);
  if (own === null) {
    window.open(href, "_blank", "noopener,noreferrer");
    return;
  }
  const onclose = () => window.removeEventListener("message", onmessage);
  const view = openSheet(phone, new URL(own).pathname, { full: true, onclose });
  const outside = h("a", { class: "bar-button", href: own, target: "_blank", rel: "noopener" }, "新标签页");
  view.side.append(outside);
  const frame = h("iframe", { class: "web", src: own, title: "网页" });
  frame.addEventListener("load", () => {
    let title = null;
    try {
      title = frame.contentDocument?.title ?? null;
    } catch {
      title = null;
    }
    if (title === null) frame.replaceWith(blocked(own));
    else view.heading.textContent = title || new URL(own).pathname;
  });
  view.body.replaceWith(frame);
  window.addEventListener("message", onmessage);

  /** What the page's open tag asks for (see jweixin.js), and what the citizen answered. */
  function onmessage(event) {
    if (event.source !== frame.contentWindow || event.origin !== location.origin) return;
    const { simulator, number, templates } = event.data ?? {};
    if (simulator !== "subscribe" || !Array.isArray(templates)) return;
    const answered = (choices) =>
      frame.contentWindow?.postMessage({ simulator: "subscribed", number, choices }, location.origin);
    popupDialog(phone, openid, { only: templates, answered });
  }
}

function blocked(href) {
  return h(
    "div",
    { class: "blocked" },
    h("p", {}, "这个页面不允许嵌在别的页面里,或者没有打开成功。"),
    h("a", { class: "button primary", href, target: "_blank", rel: "noopener" }, "在新标签页打开"),
  );
}
