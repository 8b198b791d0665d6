// Tokens and windows, media, notices, settings.

import { act, post } from "./control.js";
import { field, h, toast } from "./dom.js";
import { store } from "./store.js";

const HOUR = 3600;
const KINDS = { template: "模板消息", once: "一次性订阅", longterm: "长期订阅" };
const WINDOWS = { message: "消息后 48 小时", action: "操作后 1 分钟" };

function left(seconds) {
  if (seconds <= 0) return "已过期";
  const hours = Math.floor(seconds / HOUR);
  const minutes = Math.floor((seconds % HOUR) / 60);
  if (hours >= 48) return `还有 ${Math.floor(hours / 24)} 天 ${hours % 24} 小时`;
  return hours ? `还有 ${hours} 小时 ${minutes} 分` : `还有 ${minutes} 分 ${seconds % 60} 秒`;
}

function button(words, key, work, className = "button") {
  return h("button", { type: "button", class: className, "data-key": key, onclick: work }, words);
}

function ageing() {
  const steps = [
    ["2 分钟", 120],
    ["2 小时", 2 * HOUR],
    ["48 小时", 48 * HOUR],
    ["3 天", 72 * HOUR],
  ];
  return h(
    "div",
    { class: "quick", role: "group", "aria-label": "快进" },
    steps.map(([words, seconds]) => button(`快进 ${words}`, words, () => post("age", { seconds }))),
  );
}

export function drawTokens(body) {
  const { tokens, quotas } = store.panel;
  const tokenItems = tokens.map((token) =>
    h(
      "li",
      {},
      h("span", { class: "grow" }, token.kind, h("small", {}, token.value)),
      h("span", { class: token.dead ? "bad" : "ok" }, token.dead ? "已失效 40001" : left(token.seconds_left)),
    ),
  );
  const windows = [...store.citizens.values()].map((citizen) => {
    const parts = Object.entries(citizen.window).map(([kind, [count, seconds]]) => `${WINDOWS[kind]}:剩 ${count} 条,${left(seconds)}`);
    return h("li", {}, h("span", { class: "grow" }, citizen.name, h("small", {}, parts.length ? parts.join(";") : "窗口没有打开(45015)")));
  });
  const used = quotas.filter((quota) => quota.used > 0);
  const facts = used.flatMap((quota) => [h("dt", {}, quota.endpoint), h("dd", {}, quota.limit === null ? `${quota.used} 次` : `${quota.used} / ${quota.limit}`)]);
  body.replaceChildren(
    h("h3", {}, "access_token"),
    tokens.length ? h("ul", { class: "list" }, tokenItems) : h("p", {}, "服务端还没有来取凭证。"),
    h("div", { class: "quick" }, button("让当前凭证失效", "kill", () => post("tokens/kill"))),
    h("h3", {}, "时间快进"),
    h("p", {}, "凭证、窗口、媒体、二维码一起变老,推送的时间不变。"),
    ageing(),
    h("h3", {}, "客服消息窗口"),
    h("ul", { class: "list" }, windows),
    h("h3", {}, "今天的调用"),
    used.length ? h("dl", { class: "facts" }, facts) : h("p", {}, "今天还没有调用。"),
  );
}

export function drawMedia(body) {
  const items = store.panel.media.map((media) =>
    h(
      "li",
      {},
      media.content_type.startsWith("image/") ? h("img", { class: "thumb", src: `media/${media.id}`, alt: "" }) : h("span", { class: "thumb" }),
      h(
        "span",
        { class: "grow" },
        `${media.owner} · ${media.content_type} · ${Math.ceil(media.size / 1024)} KB`,
        h("small", { class: media.seconds_left ? "" : "bad" }, left(media.seconds_left)),
      ),
      media.seconds_left ? button("让它过期", media.id, () => post("media/expire", { id: media.id })) : null,
    ),
  );
  body.replaceChildren(
    h("p", {}, "临时素材活 3 天。过期以后服务端取不到(40007),手机里还看得见。"),
    ageing(),
    items.length ? h("ul", { class: "list" }, items) : h("p", {}, "还没有素材。在手机里发一张照片试试。"),
  );
}

export function drawNotices(body) {
  const { templates, consents, agents, sms } = store.panel;
  const items = templates.map((template) =>
    h("li", {}, h("span", { class: "grow" }, `${template.title}(${KINDS[template.kind]})`, h("small", {}, `${template.id} · ${template.fields.join("、")}`))),
  );
  const titles = Object.fromEntries(templates.map((template) => [template.id, template.title]));
  const agreed = Object.entries(consents).flatMap(([openid, byTemplate]) =>
    Object.entries(byTemplate).map(([template, count]) =>
      h(
        "li",
        {},
        h("span", { class: "grow" }, `${store.citizens.get(openid)?.name ?? openid}:${titles[template] ?? template}`, h("small", {}, `还能发 ${count} 次`)),
        button("退订", `${openid}${template}`, () => act(openid, "withdraw", { template })),
      ),
    ),
  );
  const desk = agents.map((agent) => {
    const box = h("input", { type: "checkbox", checked: agent.online });
    box.addEventListener("change", () => post("agents", { account: agent.account, online: box.checked }));
    return h("li", {}, h("label", { class: "switch grow" }, box, `${agent.nick} ${agent.account} 在线`));
  });
  body.replaceChildren(
    h("h3", {}, "模板"),
    h("ul", { class: "list" }, items),
    h("h3", {}, "谁同意了什么"),
    agreed.length ? h("ul", { class: "list" }, agreed) : h("p", {}, "还没有人订阅。在手机的「+」里点「订阅通知」。"),
    h("h3", {}, "短信"),
    sms.length
      ? h("ul", { class: "list" }, sms.map((one) => h("li", {}, h("span", { class: "grow" }, one.text, h("small", {}, `发给 ${one.phone}`)))))
      : h("p", {}, "还没有发出短信。"),
    h("h3", {}, "微信自带的客服"),
    h("ul", { class: "list" }, desk),
  );
}

export function drawSettings(body) {
  const { settings } = store.panel;
  const modes = { plain: "明文", compat: "兼容", safe: "安全" };
  const formats = { xml: "XML", json: "JSON" };
  const choose = (name, label, options, disabled = () => false) =>
    h(
      "div",
      { class: "field" },
      h("span", {}, label),
      h(
        "div",
        { class: "segmented", role: "radiogroup", "aria-label": label },
        Object.entries(options).map(([value, words]) =>
          h(
            "label",
            {},
            h("input", {
              type: "radio",
              name,
              value,
              checked: settings[name] === value,
              disabled: disabled(value),
              onchange: () => post("settings", { [name]: value }),
            }),
            words,
          ),
        ),
      ),
    );
  const verified = h("input", { type: "checkbox", checked: settings.verified });
  verified.addEventListener("change", () => post("settings", { verified: verified.checked }));
  body.replaceChildren(
    h("dl", { class: "facts" }, h("dt", {}, "服务器地址"), h("dd", {}, settings.callback_url), h("dt", {}, "推送"), h("dd", {}, `${settings.answer_seconds} 秒断开,一共 ${settings.deliveries} 次`)),
    h("div", { class: "quick" }, button("校验服务器地址", "verify", verify)),
    choose("mode", "消息加解密方式", modes, (value) => value !== "plain" && !settings.encryptable),
    choose("data_format", "数据格式", formats),
    h("p", {}, "服务端也要设成同样的加解密方式,否则推送会被拒绝。"),
    h("label", { class: "switch" }, verified, "已认证的账号(未认证不能发 msgmenu,40200)"),
  );
}

async function verify() {
  const answer = await post("verify");
  if (answer) toast(answer.message);
}
