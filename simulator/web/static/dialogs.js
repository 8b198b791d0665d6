// What a citizen can do beside typing: each in a sheet of the phone.

import { act, post, sendImage } from "./control.js";
import { field, h, icon } from "./dom.js";
import { avatar } from "./bubbles.js";
import { form, openSheet } from "./sheets.js";
import { samples, toJpeg } from "./samples.js";
import { store } from "./store.js";

/** Speak: with what WeChat recognised, or without. */
export function voiceDialog(phone, openid) {
  const sheet = openSheet(phone, "发语音");
  const heard = h("textarea", { rows: 3, placeholder: "我想问一下身份证到期了怎么换" });
  const recognised = h("input", { type: "checkbox", checked: true });
  const seconds = h("input", { type: "number", min: 1, max: 60, value: 3 });
  const hearing = field("微信听成的文字", heard);
  recognised.addEventListener("change", () => (hearing.hidden = !recognised.checked));
  const parts = [
    h("label", { class: "switch" }, recognised, "带语音识别结果"),
    hearing,
    field("时长(秒)", seconds),
    h("p", {}, "微信正在收回语音识别,关掉它可以看没有识别结果时会怎样。"),
  ];
  form(sheet, parts, "发送语音", () =>
    act(openid, "voice", {
      recognition: recognised.checked ? heard.value : null,
      seconds: Number(seconds.value) || 3,
    }),
  );
}

/** Scan a code of the account: from those it made, or by its scene. */
export function scanDialog(phone, openid) {
  const sheet = openSheet(phone, "扫一扫");
  const scene = h("input", { maxLength: 64, required: true, placeholder: "hall-main" });
  const made = store.panel?.scenes ?? [];
  const rows = made.map((code) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          onclick: () => {
            act(openid, "scan", { scene: code.scene, ticket: code.ticket });
            sheet.close();
          },
        },
        icon("scan"),
        h("span", { class: "grow" }, code.scene),
      ),
    ),
  );
  const list = rows.length
    ? [h("p", {}, "公众号生成的二维码:"), h("ul", { class: "rows" }, rows)]
    : [h("p", {}, "公众号还没有用 qrcode/create 生成二维码,可以直接写场景值。")];
  form(sheet, [...list, field("场景值", scene)], "扫这个码", () => act(openid, "scan", { scene: scene.value }));
}

/** Scan something for a scan button of the menu. */
export function scanResultDialog(phone, openid, button) {
  const sheet = openSheet(phone, "扫一扫");
  const result = h("input", { required: true, placeholder: "二维码里的内容" });
  form(sheet, [field("扫到的内容", result)], "确定", () =>
    act(openid, "press", { button, scanned: result.value }),
  );
}

/** Send the citizen's place, or report it as WeChat does on entering a chat. */
export function placeDialog(phone, openid, button) {
  const sheet = openSheet(phone, "位置");
  const latitude = h("input", { type: "number", step: "any", value: "30.2501", min: -90, max: 90, required: true });
  const longitude = h("input", { type: "number", step: "any", value: "120.1652", min: -180, max: 180, required: true });
  const label = h("input", { value: "安澜区政务服务中心" });
  const where = () => ({ latitude: Number(latitude.value), longitude: Number(longitude.value) });
  const report = h(
    "button",
    {
      type: "button",
      class: "button",
      onclick: () => {
        act(openid, "report_location", where());
        sheet.close();
      },
    },
    "只上报位置(LOCATION 事件)",
  );
  const parts = [
    h("div", { class: "pair" }, field("纬度", latitude), field("经度", longitude)),
    field("地名", label),
    button ? null : report,
  ];
  form(sheet, parts, "发送位置", () => act(openid, "location", { ...where(), label: label.value, button }));
}

/** Share a page into the chat. */
export function linkDialog(phone, openid) {
  const sheet = openSheet(phone, "发链接");
  const title = h("input", { required: true, value: "办事指南" });
  const description = h("input", { value: "" });
  const url = h("input", { type: "url", required: true, value: "https://example.org/" });
  const parts = [field("标题", title), field("说明", description), field("地址", url)];
  form(sheet, parts, "发送链接", () =>
    act(openid, "link", { title: title.value, description: description.value, url: url.value }),
  );
}

/** Choose a sample photo. */
export function sampleDialog(phone, openid, button) {
  const sheet = openSheet(phone, "示例照片");
  const buttons = samples().map(([name, element]) =>
    h(
      "button",
      {
        type: "button",
        onclick: async () => {
          sheet.close();
          await sendImage(openid, await toJpeg(element), button);
        },
      },
      element,
      name,
    ),
  );
  sheet.body.append(h("p", {}, "这些图是浏览器画的样本,不是任何人的证件。"), h("div", { class: "samples" }, buttons));
}

/**
 * The subscription popup: which notices the citizen agrees to. A page asks for some templates `only`, and is
 * told the choices by `answered`.
 */
export function popupDialog(phone, openid, { only = null, answered = () => {} } = {}) {
  const sheet = openSheet(phone, "订阅通知");
  const templates = (store.panel?.templates ?? []).filter(
    (template) => template.kind !== "template" && (only === null || only.includes(template.id)),
  );
  if (!templates.length) {
    sheet.body.append(h("p", {}, "这个公众号还没有订阅模板,请在面板的「通知」里添加。"));
    return;
  }
  const consents = store.panel.consents[openid] ?? {};
  const boxes = templates.map((template) => {
    const box = h("input", { type: "checkbox", value: template.id, checked: true });
    const kind = template.kind === "longterm" ? "长期" : "一次性";
    const left = consents[template.id] ? `,已同意 ${consents[template.id]} 次` : "";
    return [box, h("label", { class: "switch" }, box, `${template.title}(${kind}${left})`)];
  });
  const answer = async (agreed) => {
    const choices = Object.fromEntries(boxes.map(([box]) => [box.value, agreed && box.checked]));
    const done = await act(openid, "popup", { choices });
    if (done !== null) answered(choices);
    return done;
  };
  const refuse = h(
    "button",
    {
      type: "button",
      class: "button",
      onclick: () => {
        answer(false);
        sheet.close();
      },
    },
    "取消",
  );
  const parts = [h("p", {}, `${store.account.name} 申请给您发送下列通知:`), boxes.map(([, label]) => label), refuse];
  form(sheet, parts, "允许", () => answer(true));
}

/** Push anything, for what has no button. */
export function rawDialog(phone, openid) {
  const sheet = openSheet(phone, "自定义推送");
  const kind = h("input", { required: true, value: "event" });
  const content = h("textarea", { rows: 7, value: '{\n  "Event": "user_info_modified",\n  "RevokeInfo": "1"\n}' });
  const parts = [field("MsgType", kind), field("其余字段(JSON)", content)];
  form(sheet, parts, "推送", async () => {
    try {
      const fields = JSON.parse(content.value);
      content.setCustomValidity("");
      return (await act(openid, "raw", { kind: kind.value, content: fields })) !== null;
    } catch {
      content.setCustomValidity("不是正确的 JSON");
      content.reportValidity();
      return false;
    }
  });
}

/** Switch to another citizen on this phone, or add one. */
export function citizensDialog(phone, current, pick) {
  const sheet = openSheet(phone, "换一位市民");
  const rows = [...store.citizens.values()].map((citizen) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          "aria-current": citizen.openid === current ? "true" : undefined,
          onclick: () => {
            sheet.close();
            pick(citizen.openid);
          },
        },
        avatar(citizen.name, citizen.tone ?? 0),
        h("span", { class: "grow" }, citizen.name, h("small", {}, citizen.following ? "已关注" : "未关注")),
        citizen.openid === current ? icon("check") : null,
      ),
    ),
  );
  const name = h("input", { maxLength: 20, placeholder: "新市民的名字" });
  form(sheet, [h("ul", { class: "rows" }, rows), field("再加一位", name)], "添加", async () => {
    const citizen = await post("citizens", { name: name.value });
    if (citizen) pick(citizen.openid);
    return citizen !== null;
  }, { focus: false });
}

/** Answer as the person at WeChat's service desk who has the conversation. */
export function deskDialog(phone, openid) {
  const sheet = openSheet(phone, "以客服身份回复");
  const text = h("textarea", { rows: 3, required: true });
  form(sheet, [field("客服说的话", text)], "发送", () => act(openid, "desk_says", { text: text.value }));
}

/** Scan a code with a scene before following. */
export function followDialog(phone, openid) {
  const sheet = openSheet(phone, "扫码关注");
  const scene = h("input", { maxLength: 64, required: true, value: "hall-main" });
  form(sheet, [field("二维码的场景值", scene)], "扫码并关注", () =>
    act(openid, "follow", { scene: scene.value }),
  );
}
