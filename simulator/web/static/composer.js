// The bottom of a phone: menu bar, words, and the tray of everything else.

import { act, sendImage } from "./control.js";
import { h, icon } from "./dom.js";
import * as dialogs from "./dialogs.js";
import { store } from "./store.js";

const ASKS_PHOTO = new Set(["pic_sysphoto", "pic_photo_or_album", "pic_weixin"]);
const ASKS_SCAN = new Set(["scancode_push", "scancode_waitmsg"]);

export class Composer {
  /** `phone` is the Phone whose foot this is. */
  constructor(phone) {
    this.phone = phone;
    this.root = phone.root.querySelector(".foot");
    this.find = (selector) => this.root.querySelector(selector);
    this.words = this.find(".words");
    this.typing = false;
    this.hinted = false;
    this.wire();
    this.fillTray();
  }

  wire() {
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.words.addEventListener("input", () => this.grow());
    this.words.addEventListener("focus", () => this.showTray(false));
    this.words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
    this.find(".voice").addEventListener("click", () => dialogs.voiceDialog(this.phone.root, this.phone.openid));
    this.find(".plus").addEventListener("click", () => this.showTray(this.find(".tray").hidden));
    this.find(".to-keyboard").addEventListener("click", () => this.switchTo(true));
    this.find(".to-menu").addEventListener("click", () => this.switchTo(false));
    this.picker = this.phone.root.querySelector(".picker");
    this.picker.addEventListener("change", () => this.sendFile());
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest?.(".menu-item")) this.closeLists();
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closeLists();
    });
    this.phone.root.querySelector(".hint button").addEventListener("click", () => {
      this.hinted = true;
      this.showMenu();
    });
  }

  fillTray() {
    const root = this.phone.root;
    const who = () => this.phone.openid;
    const things = [
      ["照片", "photo", () => this.pickPhoto()],
      ["示例照片", "card", () => dialogs.sampleDialog(root, who())],
      ["扫一扫", "scan", () => dialogs.scanDialog(root, who())],
      ["位置", "place", () => dialogs.placeDialog(root, who())],
      ["链接", "link", () => dialogs.linkDialog(root, who())],
      ["订阅通知", "bell", () => dialogs.popupDialog(root, who())],
      ["自定义推送", "code", () => dialogs.rawDialog(root, who())],
    ];
    this.find(".tray").append(
      ...things.map(([name, sign, open]) =>
        h("button", { type: "button", onclick: open }, h("span", {}, icon(sign)), name),
      ),
    );
  }

  grow() {
    this.words.style.height = "auto";
    this.words.style.height = `${this.words.scrollHeight + 2}px`;
    const some = this.words.value.trim() !== "";
    this.find(".send").hidden = !some;
    this.find(".plus").hidden = some;
  }

  async send() {
    const text = this.words.value;
    if (!text.trim()) return;
    this.words.value = "";
    this.grow();
    if ((await act(this.phone.openid, "say", { text })) === null) {
      this.words.value = text;
      this.grow();
    }
  }

  pickPhoto(button) {
    this.askedBy = button;
    this.picker.value = "";
    this.picker.click();
  }

  async sendFile() {
    const [file] = this.picker.files;
    if (file) await sendImage(this.phone.openid, file, this.askedBy);
  }

  showTray(open) {
    this.find(".tray").hidden = !open;
    this.find(".plus").setAttribute("aria-expanded", String(open));
    if (open) this.phone.toEnd();
  }

  switchTo(typing) {
    this.typing = typing;
    this.showMenu();
    if (typing) this.words.focus();
    else this.find(".to-keyboard").focus();
  }

  showMenu() {
    const has = Boolean(store.menu?.length);
    const bar = has && !this.typing;
    this.find(".menu-bar").hidden = !bar;
    this.find(".composer").hidden = bar;
    this.find(".to-menu").hidden = !has;
    if (bar) this.showTray(false);
    this.phone.root.querySelector(".hint").hidden = has || this.hinted || !this.phone.citizen?.following;
    if (has) this.find(".menu-items").replaceChildren(...store.menu.map((item, index) => this.menuItem(item, index)));
  }

  menuItem(item, index) {
    const subs = item.sub_button;
    const button = h("button", { type: "button" }, subs ? icon("menu") : null, h("span", {}, item.name));
    const holder = h("div", { class: "menu-item" }, button);
    if (!subs) {
      button.addEventListener("click", () => this.press(item, [index]));
      return holder;
    }
    const list = h(
      "ul",
      { class: "menu-list", hidden: true },
      subs.map((sub, at) =>
        h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              onclick: () => {
                this.closeLists();
                this.press(sub, [index, at]);
              },
            },
            sub.name,
          ),
        ),
      ),
    );
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const open = list.hidden;
      this.closeLists();
      list.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      if (open) list.querySelector("button").focus();
    });
    holder.append(list);
    return holder;
  }

  closeLists() {
    for (const list of this.root.querySelectorAll(".menu-list")) {
      list.hidden = true;
      list.previousElementSibling.setAttribute("aria-expanded", "false");
    }
  }

  press(item, path) {
    const { root, openid } = this.phone;
    if (ASKS_PHOTO.has(item.type)) this.pickPhoto(path);
    else if (ASKS_SCAN.has(item.type)) dialogs.scanResultDialog(root, openid, path);
    else if (item.type === "location_select") dialogs.placeDialog(root, openid, path);
    else {
      act(openid, "press", { button: path });
      if (item.type === "view") this.phone.open(item.url);
    }
  }
}
