// One phone: a citizen's chat with the account.

import { act } from "./control.js";
import { h } from "./dom.js";
import { accountAvatar, avatar, renderMessage } from "./bubbles.js";
import { Composer } from "./composer.js";
import { citizensDialog, deskDialog, followDialog } from "./dialogs.js";
import { openSheet } from "./sheets.js";
import { store } from "./store.js";
import { openPage } from "./web_view.js";

const MOST_ROWS = 600;
const NEAR_END = 120;
const PAUSE = 5 * 60 * 1000;
const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });

export class Phone {
  /** `desk` says what is around the phone: { switchCitizen, openPanel, secondWords, toggleSecond }. */
  constructor(openid, desk) {
    this.openid = openid;
    this.desk = desk;
    this.root = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.root.querySelector(selector);
    this.chat = this.find(".chat");
    this.list = this.find(".messages");
    this.composer = new Composer(this);
    this.hands = {
      choose: (content, menuId) => act(this.openid, "say", { text: content, menu_id: menuId }),
      showPicture: (source) => this.showPicture(source),
      openLink: (event) => {
        event.preventDefault();
        this.open(event.currentTarget.href);
      },
    };
    this.find(".who").addEventListener("click", () =>
      citizensDialog(this.root, this.openid, (chosen) => this.desk.switchCitizen(this, chosen)),
    );
    this.find(".more").addEventListener("click", () => this.showDetails());
    this.find(".follow").addEventListener("click", () => act(this.openid, "follow"));
    this.find(".follow-scene").addEventListener("click", () => followDialog(this.root, this.openid));
    this.drawAll();
  }

  get citizen() {
    return store.citizens.get(this.openid);
  }

  setCitizen(openid) {
    this.openid = openid;
    this.drawAll();
  }

  drawAll() {
    const { name } = store.account;
    this.find(".account").textContent = name;
    this.find(".stranger-name").textContent = name;
    for (const old of this.root.querySelectorAll(".account-avatar")) {
      old.replaceWith(accountAvatar(name, `${old.classList.contains("large") ? "avatar large" : "avatar"} account-avatar`));
    }
    this.last = null;
    this.list.replaceChildren(...(store.messages.get(this.openid) ?? []).flatMap((message) => this.rows(message)));
    this.drawCitizen();
    this.toEnd();
  }

  drawCitizen() {
    const { citizen } = this;
    if (!citizen) return;
    this.root.setAttribute("aria-label", `${citizen.name}的手机`);
    this.find(".who-name").textContent = citizen.name;
    this.find(".who").setAttribute("aria-label", `换一位市民,现在是${citizen.name}`);
    const stranger = !citizen.following;
    this.find(".stranger").hidden = !stranger;
    this.chat.hidden = stranger;
    this.find(".foot").hidden = stranger;
    this.find(".typing-note").textContent = citizen.typing ? "对方正在输入…" : citizen.desk ? "人工客服接待中" : "";
    const near = this.isNearEnd();
    this.find(".working").hidden = !(citizen.pending > 0 || citizen.typing);
    if (near) this.toEnd();
    this.composer.showMenu();
    clearTimeout(this.typingTimer);
    if (citizen.typing) this.typingTimer = setTimeout(() => this.endTyping(), 15000);
  }

  endTyping() {
    if (this.citizen) this.citizen.typing = false;
    this.drawCitizen();
  }

  drawMessage(message) {
    const near = this.isNearEnd();
    const known = this.list.querySelector(`[data-id="${message.id}"]`);
    if (known) known.replaceWith(this.item(message));
    else this.list.append(...this.rows(message));
    while (this.list.children.length > MOST_ROWS) this.list.firstElementChild.remove();
    if (near || message.via === "citizen") this.toEnd();
  }

  rows(message) {
    const at = new Date(message.at);
    const pause = !this.last || at - this.last > PAUSE;
    this.last = at;
    const time = h("li", { class: "time" }, h("time", { dateTime: message.at }, CLOCK.format(at)));
    return pause ? [time, this.item(message)] : [this.item(message)];
  }

  item(message) {
    const citizen = this.citizen ?? { name: "?", tone: 0 };
    const item = renderMessage(message, citizen, store.account.name, this.hands);
    for (const picture of item.querySelectorAll("img")) picture.addEventListener("load", () => this.isNearEnd(400) && this.toEnd());
    return item;
  }

  isNearEnd(distance = NEAR_END) {
    return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < distance;
  }

  toEnd() {
    requestAnimationFrame(() => (this.chat.scrollTop = this.chat.scrollHeight));
  }

  open(href) {
    openPage(this.root, this.openid, href);
  }

  showPicture(source) {
    const sheet = openSheet(this.root, "图片", { full: true });
    sheet.body.replaceWith(h("div", { class: "viewer" }, h("img", { src: source, alt: "大图" })));
  }

  showDetails() {
    const { citizen } = this;
    const sheet = openSheet(this.root, "资料");
    const go = (work) => () => {
      sheet.close();
      work();
    };
    const row = (words, note, work, className = "") =>
      h(
        "li",
        {},
        h("button", { type: "button", class: className, onclick: go(work) }, h("span", { class: "grow" }, words, h("small", {}, note))),
      );
    const rows = [
      citizen.following
        ? row("取消关注", "推送 unsubscribe 事件,窗口关闭", () => act(this.openid, "unfollow"))
        : row("关注公众号", "推送 subscribe 事件", () => act(this.openid, "follow")),
      citizen.desk ? row("以客服身份回复", `扮演 ${citizen.desk}`, () => deskDialog(this.root, this.openid)) : null,
      citizen.desk ? row("结束人工会话", "消息重新推送给服务器", () => act(this.openid, "end_desk")) : null,
      this.desk.secondWords() ? row(this.desk.secondWords(), "并排看两位市民", () => this.desk.toggleSecond(this)) : null,
      this.desk.panelShown() ? null : row("平台面板", "日志、故障、凭证、媒体、通知、设置", () => this.desk.openPanel()),
    ];
    sheet.body.append(
      h("ul", { class: "rows" }, h("li", {}, avatar(citizen.name, citizen.tone), h("span", { class: "grow" }, citizen.name, h("small", {}, citizen.openid))), rows),
    );
  }
}

