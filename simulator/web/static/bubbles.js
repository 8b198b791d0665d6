// One message, as WeChat would show it, and a label that says by which way it came.

import { h, icon } from "./dom.js";

const WAYS = {
  passive: "被动回复",
  custom: "客服消息",
  template: "模板消息",
  subscribe: "订阅通知",
  desk: "人工客服",
};
const STATUS = { sending: "发送中", failed: "没有得到回复", desk: "由人工客服接待" };

/** The letter and colour by which a citizen is known. */
export function avatar(name, tone, className = "avatar") {
  return h("span", { class: `${className} t${tone}`, "aria-hidden": "true" }, [...name][0] ?? "?");
}

/** Build the list item of a message; `hands` has openLink, choose and showPicture. */
export function renderMessage(message, citizen, account, hands) {
  if (message.via === "note") return h("li", { class: "note", "data-id": message.id }, message.text);
  const mine = message.via === "citizen";
  const face = mine ? avatar(citizen.name, citizen.tone) : accountAvatar(account);
  const content = h("div", { class: "content" }, ...body(message, mine, hands), mine ? status(message) : way(message));
  const who = h("span", { class: "unseen" }, mine ? `${citizen.name}:` : `${account}:`);
  content.prepend(who);
  return h(
    "li",
    { class: mine ? "message mine" : "message", "data-id": message.id, "data-via": message.via },
    face,
    content,
  );
}

/** The account's avatar. */
export function accountAvatar(name, className = "avatar") {
  return h("span", { class: className, "aria-hidden": "true" }, [...name][0] ?? "?");
}

function way(message) {
  const seconds = message.milliseconds === null ? "" : ` · ${took(message.milliseconds)}`;
  const sealed = message.data.encrypted ? " · 加密" : "";
  return h(
    "span",
    { class: `way way-${message.via}` },
    icon(message.via, "shape"),
    h("b", {}, WAYS[message.via]),
    `${seconds}${sealed}`,
  );
}

function took(milliseconds) {
  return milliseconds < 1000 ? `${milliseconds} 毫秒` : `${(milliseconds / 1000).toFixed(1)} 秒`;
}

function status(message) {
  const words = STATUS[message.status];
  return words ? h("span", { class: `status ${message.status}` }, words) : null;
}

function body(message, mine, hands) {
  const { kind, data } = message;
  if (kind === "image" && data.media_id) return [picture(message, mine, hands)];
  if (kind === "voice") return voice(message);
  if (kind === "news" || kind === "link") return [articleCard(message, hands)];
  if (kind === "card") return [noticeCard(message, hands)];
  if (kind === "location") return [placeCard(message)];
  if (kind === "msgmenu") return [menuBubble(message, hands)];
  if (kind === "text") return [h("div", { class: "bubble" }, mine ? message.text : pieces(message.segments, hands))];
  return [h("div", { class: "bubble" }, `[${kind}] ${message.text}`.trim())];
}

function pieces(segments, hands) {
  return segments.map((segment) => {
    if (segment.kind === "link") return link(segment.href, segment.text, hands);
    if (segment.kind === "choice") return choice(segment.text, segment.content, segment.menu_id, hands);
    return segment.text;
  });
}

function link(href, text, hands, className = "") {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", class: className, onclick: hands.openLink }, text);
}

function choice(text, content, menuId, hands) {
  return h("button", { type: "button", class: "choice", onclick: () => hands.choose(content, menuId ?? "") }, text);
}

function menuBubble(message, hands) {
  const items = message.data.choices.map((item) => h("li", {}, choice(item.content, item.content, item.id, hands)));
  return h(
    "div",
    { class: "bubble" },
    pieces(message.segments, hands),
    h("ul", { class: message.data.tail ? "choices" : "choices last" }, items),
    message.data.tail,
  );
}

function picture(message, mine, hands) {
  const source = `media/${encodeURIComponent(message.data.media_id)}`;
  const label = mine ? "发出的图片,点开看大图" : "收到的图片,点开看大图";
  return h(
    "button",
    { type: "button", class: "picture", onclick: () => hands.showPicture(source), "aria-label": label },
    h("img", { src: source, alt: "", loading: "lazy" }),
  );
}

function voice(message) {
  const seconds = message.data.seconds ?? 1;
  const heard = message.text ? `识别:${message.text}` : "没有识别结果";
  return [
    h("div", { class: "bubble voice-bubble" }, `${seconds}″`, icon("sound"), h("span", { class: "unseen" }, "语音")),
    h("div", { class: "heard" }, heard),
  ];
}

function articleCard(message, hands) {
  const { description, picture: cover, url } = message.data;
  return h(
    "article",
    { class: "card" },
    h("h3", {}, message.text),
    cover ? h("img", { class: "cover", src: cover, alt: "" }) : null,
    description ? h("p", {}, description) : null,
    url ? openRow(url, "阅读全文", hands) : null,
  );
}

function noticeCard(message, hands) {
  const rows = message.data.rows.flatMap((row) => [h("dt", {}, row.label), h("dd", {}, row.value)]);
  return h(
    "article",
    { class: "card" },
    h("h3", {}, message.text),
    h("dl", {}, rows),
    message.data.url ? openRow(message.data.url, "查看详情", hands) : null,
  );
}

function openRow(url, words, hands) {
  const row = /^https?:/i.test(url) ? link(url, words, hands, "card-open") : h("span", { class: "card-open" }, url);
  if (row.tagName === "A") row.append(icon("back"));
  return row;
}

function placeCard(message) {
  const { latitude, longitude } = message.data;
  return h(
    "article",
    { class: "card" },
    h("h3", {}, message.text || "位置"),
    h("p", {}, `北纬 ${latitude.toFixed(4)},东经 ${longitude.toFixed(4)}`),
  );
}
