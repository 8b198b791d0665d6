// Dialogs that slide up inside one phone: the rest of the phone rests meanwhile, Escape closes, focus returns.

import { h, icon } from "./dom.js";

/** Open a sheet in a phone. Gives { body, head, close }; `full` covers the whole screen. */
export function openSheet(phone, title, { full = false, onclose } = {}) {
  const opener = document.activeElement;
  const heading = h("h2", {}, title);
  const side = h("div", {});
  const body = h("div", { class: "sheet-body" });
  const closeButton = h(
    "button",
    { type: "button", class: "bar-button", "aria-label": "关闭", onclick: close },
    icon("close"),
  );
  const sheet = h(
    "dialog",
    { class: full ? "sheet full" : "sheet", "aria-label": title },
    h("header", { class: "sheet-head" }, closeButton, heading, side),
    body,
  );
  const shade = h("div", { class: "sheet-shade", onclick: close });
  const screen = phone.querySelector(".screen");

  function close() {
    shade.remove();
    sheet.remove();
    if (!phone.querySelector(".sheets dialog")) screen.inert = false;
    onclose?.();
    if (opener?.isConnected && phone.contains(opener)) opener.focus();
  }

  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab") keepInside(sheet, event);
  });
  phone.querySelector(".sheets").append(shade, sheet);
  screen.inert = true;
  sheet.show();
  closeButton.focus();
  return { sheet, body, side, heading, close };
}

function keepInside(sheet, event) {
  const stops = [...sheet.querySelectorAll("button, input, select, textarea, a[href], iframe")].filter(
    (stop) => !stop.disabled && stop.offsetParent !== null,
  );
  const last = stops.at(-1);
  if (event.shiftKey && document.activeElement === stops[0]) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    stops[0].focus();
  }
}

/** Fill a sheet with a form: `done()` runs on submit, and the sheet closes unless it gives false. */
export function form(sheet, parts, submitWords, done, { focus = true } = {}) {
  const element = h("form", { class: "sheet-body" }, parts, h("button", { type: "submit", class: "button primary" }, submitWords));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ((await done()) !== false) sheet.close();
  });
  sheet.body.replaceWith(element);
  if (focus) element.querySelector("input, textarea, select")?.focus();
  return element;
}
