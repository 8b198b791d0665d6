// Pushes and calls as they went over the wire, newest first.

import { post } from "./control.js";
import { h } from "./dom.js";
import { store } from "./store.js";

const CLOCK = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const OUTCOMES = { reply: "已回复", silence: "无回复", trouble: "失败", desk: "人工" };
const MOST_SHOWN = 120;

export function drawLog(body) {
  const list = h("ul", { class: "log" }, store.log.slice(-MOST_SHOWN).reverse().map(entryItem));
  const empty = h("p", { class: "empty" }, "还没有推送和调用。在手机里发一条消息,这里会出现它的原文。");
  empty.hidden = store.log.length > 0;
  const clear = h("button", { type: "button", class: "button", onclick: () => post("log/clear").then(() => wipe(body)) }, "清空日志");
  body.replaceChildren(h("div", { class: "quick" }, clear), empty, list);
}

function wipe(body) {
  store.log = [];
  drawLog(body);
}

export function prependLog(body, entry) {
  const list = body.querySelector(".log");
  if (!list) return;
  body.querySelector(".empty").hidden = true;
  list.prepend(entryItem(entry));
  while (list.children.length > MOST_SHOWN) list.lastElementChild.remove();
}

function entryItem(entry) {
  const push = entry.kind === "push";
  const details = h(
    "details",
    {},
    h(
      "summary",
      {},
      h("time", { dateTime: entry.at }, CLOCK.format(new Date(entry.at))),
      h("span", { class: push ? "direction push" : "direction" }, push ? "推送 →" : "调用 ←"),
      h("span", { class: "title" }, entry.title, who(entry)),
      h("span", { class: entry.ok ? "result" : "result bad" }, result(entry)),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...(push ? pushParts(entry) : callParts(entry)));
  });
  return h("li", {}, details);
}

function who(entry) {
  const citizen = store.citizens.get(entry.openid);
  return citizen ? h("span", { class: "whose" }, ` ${citizen.name}`) : null;
}

function result(entry) {
  const { detail } = entry;
  if (detail.attempts) {
    const times = detail.attempts.length > 1 ? `${detail.attempts.length} 次 ` : "";
    const last = detail.attempts.at(-1);
    return `${OUTCOMES[detail.outcome]} ${times}${last ? `${last.milliseconds} ms` : ""}`;
  }
  if (entry.kind === "push") return entry.ok ? "通过" : "不通过";
  const code = detail.answer?.errcode;
  return code ? `错误 ${code}` : entry.ok ? `${detail.milliseconds} ms` : "没有应答";
}

function block(title, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return [h("h4", {}, title), h("pre", { tabIndex: 0 }, text || "(空)")];
}

function pushParts(entry) {
  const { detail } = entry;
  if (!detail.attempts) return block("结果", detail.answer);
  return [
    ...block("推送内容(加密前)", detail.fields),
    ...detail.attempts.flatMap((attempt) => [
      ...block(`第 ${attempt.number} 次:${attempt.url}`, attempt.sent),
      ...block(attempt.error || `应答 HTTP ${attempt.status},${attempt.milliseconds} ms`, attempt.body ?? ""),
    ]),
    ...(detail.reason ? block("为什么失败", detail.reason) : []),
    ...(detail.reply ? block("回复(解密后)", detail.reply) : []),
  ];
}

function callParts(entry) {
  const { detail } = entry;
  return [
    ...block(`${detail.method} ${entry.title}`, detail.query),
    ...(detail.body ? block("请求体", detail.body) : []),
    ...block(detail.faults.length ? `应答(故障:${detail.faults.join("、")})` : "应答", detail.answer),
  ];
}
