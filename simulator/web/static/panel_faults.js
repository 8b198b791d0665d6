// Faults on demand.

import { post } from "./control.js";
import { field, h, toast } from "./dom.js";
import { store } from "./store.js";

const KINDS = [
  ["code", "错误码"],
  ["slow", "变慢"],
  ["down", "断开"],
  ["lost", "丢应答"],
];
const KIND_WORDS = { code: "返回错误码", slow: "变慢", down: "断开连接,不处理", lost: "处理完,丢掉应答" };
const CODES = [
  [-1, "系统繁忙"],
  [40001, "凭证无效"],
  [40007, "媒体失效"],
  [40164, "IP 不在白名单"],
  [42001, "凭证过期"],
  [43004, "未关注"],
  [43019, "已被拉黑"],
  [43101, "用户拒绝订阅"],
  [45009, "当日额度用完"],
  [45011, "调用太快"],
  [45015, "客服窗口已关"],
  [45047, "客服条数用完"],
  [47003, "模板字段不对"],
  [48001, "没有权限"],
  [48004, "接口被封"],
  [50002, "账号受限"],
];
const QUICK = [
  ["客服消息:窗口已关一次", { endpoint: "message/custom/send", kind: "code", code: 45015, times: 1 }],
  ["客服消息:应答丢一次", { endpoint: "message/custom/send", kind: "lost", times: 1 }],
  ["全部接口:一直繁忙", { endpoint: "*", kind: "code", code: -1, times: null }],
  ["全部接口:慢 6 秒", { endpoint: "*", kind: "slow", seconds: 6, times: null }],
  ["取媒体:断开一次", { endpoint: "media/get", kind: "down", times: 1 }],
];

export function drawFaults(body, { listOnly = false } = {}) {
  const old = body.querySelector(".fault-list");
  if (listOnly && old) {
    old.replaceWith(list());
    return;
  }
  const quick = QUICK.map(([name, fault]) =>
    h("button", { type: "button", class: "button", "data-key": name, onclick: () => post("faults/add", fault) }, name),
  );
  const dead = h(
    "button",
    { type: "button", class: "button", "data-key": "dead", onclick: killTokens },
    "让当前凭证失效(40001)",
  );
  body.replaceChildren(list(), h("h3", {}, "常用"), h("div", { class: "quick" }, dead, quick), faultForm());
}

async function killTokens() {
  const answer = await post("tokens/kill");
  if (answer) toast(answer.killed ? `${answer.killed} 个凭证已失效,普通调用还会拿到同一个` : "还没有凭证");
}

function list() {
  const items = store.panel.faults.map((fault) =>
    h(
      "li",
      {},
      h(
        "span",
        { class: "grow" },
        `${KIND_WORDS[fault.kind]}${fault.kind === "code" ? ` ${fault.code}` : ""}${fault.kind === "slow" ? ` ${fault.seconds} 秒` : ""}`,
        h("small", {}, `${fault.endpoint === "*" ? "全部接口" : fault.endpoint} · ${fault.times === null ? "一直有效" : `还有 ${fault.times} 次`}`),
      ),
      h("button", { type: "button", class: "button", "aria-label": `撤掉故障 ${fault.id}`, onclick: () => post("faults/remove", { id: fault.id }) }, "撤掉"),
    ),
  );
  if (!items.length) return h("p", { class: "fault-list" }, "现在没有故障,平台一切正常。");
  const all = h("button", { type: "button", class: "button danger", onclick: () => post("faults/remove") }, "全部撤掉");
  return h("div", { class: "fault-list" }, h("ul", { class: "list" }, items), items.length > 1 ? all : null);
}

function faultForm() {
  const endpoint = h("select", {}, h("option", { value: "*" }, "全部接口"), store.panel.endpoints.map((name) => h("option", {}, name)));
  const radios = KINDS.map(([value, words], index) => {
    const input = h("input", { type: "radio", name: "fault-kind", value, checked: index === 0 });
    return h("label", {}, input, words);
  });
  const code = h("select", {}, CODES.map(([value, words]) => h("option", { value }, `${value} ${words}`)));
  const seconds = h("input", { type: "number", min: 0.1, max: 120, step: 0.1, value: 6 });
  const times = h("select", {}, h("option", { value: "1" }, "一次"), h("option", { value: "3" }, "三次"), h("option", { value: "" }, "一直"));
  const codeField = field("错误码", code);
  const secondsField = field("秒", seconds);
  const segments = h("div", { class: "segmented", role: "radiogroup", "aria-label": "故障类型" }, radios);
  const kind = () => segments.querySelector("input:checked").value;
  const fit = () => {
    codeField.hidden = kind() !== "code";
    secondsField.hidden = kind() !== "slow";
  };
  segments.addEventListener("change", fit);
  const form = h(
    "form",
    {},
    h(
      "fieldset",
      {},
      h("legend", {}, "自己设一个"),
      field("接口", endpoint),
      segments,
      h("div", { class: "pair" }, codeField, secondsField, field("几次", times)),
      h("button", { type: "submit", class: "button primary" }, "加上这个故障"),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    post("faults/add", {
      endpoint: endpoint.value,
      kind: kind(),
      code: Number(code.value),
      seconds: kind() === "slow" ? Number(seconds.value) : 0,
      times: times.value ? Number(times.value) : null,
    });
  });
  fit();
  return form;
}
