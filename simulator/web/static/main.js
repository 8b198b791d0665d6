// The page: which phones are open, and how they share the window with the panel.

import { h } from "./dom.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { follow, load, on, store } from "./store.js";

const TONES = 5;
const SIDE_BY_SIDE = matchMedia("(min-width: 1240px)");
const place = document.getElementById("phones");
const panel = new Panel(document.getElementById("panel"));
let phones = [];
let two = true;

function tone() {
  [...store.citizens.values()].forEach((citizen, index) => (citizen.tone = index % TONES));
}

const desk = {
  switchCitizen(phone, openid) {
    tone();
    const other = phones.find((candidate) => candidate !== phone && candidate.openid === openid);
    if (other) other.setCitizen(phone.openid);
    phone.setCitizen(openid);
    remember();
  },
  openPanel: () => panel.show(true),
  panelShown: () => panel.wide.matches,
  /** What toggling the second phone would do, or nothing where there is no room for it. */
  secondWords: () => (SIDE_BY_SIDE.matches ? (phones.length > 1 ? "关上这部手机" : "再开一部手机") : ""),
  toggleSecond(phone) {
    two = phones.length === 1;
    arrange(two ? null : phone);
  },
};
function remember() {
  try {
    sessionStorage.setItem("simulator-phones", JSON.stringify(phones.map((phone) => phone.openid)));
  } catch {
    // a browser without storage starts with the first citizens again
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem("simulator-phones") ?? "[]");
  } catch {
    return [];
  }
}

function arrange(closing = null) {
  if (closing) phones = phones.filter((phone) => phone !== closing);
  const known = [...store.citizens.keys()];
  const wanted = SIDE_BY_SIDE.matches && two && known.length > 1 ? 2 : 1;
  const open = phones.map((phone) => phone.openid);
  const order = [...remembered(), ...known].filter((openid) => store.citizens.has(openid) && !open.includes(openid));
  while (phones.length < wanted && order.length) phones.push(new Phone(order.shift(), desk));
  phones = phones.slice(0, wanted);
  place.replaceChildren(...phones.map((phone) => phone.root));
  phones.forEach((phone) => phone.toEnd());
  if (!phones.length) place.append(h("p", { class: "plain-note" }, "还没有市民,刷新页面再试。"));
  remember();
}

on("all", () => {
  tone();
  phones = phones.filter((phone) => store.citizens.has(phone.openid));
  phones.forEach((phone) => phone.drawAll());
  arrange();
});
on("citizen", (citizen) => {
  tone();
  phones.filter((phone) => phone.openid === citizen.openid).forEach((phone) => phone.drawCitizen());
});
on("message", (message) => {
  phones.filter((phone) => phone.openid === message.openid).forEach((phone) => phone.drawMessage(message));
});
on("menu", () => phones.forEach((phone) => phone.composer.showMenu()));
SIDE_BY_SIDE.addEventListener("change", () => arrange());

await load();
follow();
