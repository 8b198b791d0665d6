// The hall's screen: shows what is called as it is called, and says it.

import { watch } from "./live.js";
import { Voice } from "./voice.js";

const region = document.getElementById("live");
const connection = document.getElementById("connection");
const sound = document.getElementById("sound");
const clock = document.getElementById("clock");
const FRESH = 2000;

const SOUND = {
  off: ["打开声音", false],
  on: ["声音开着", true],
  blocked: ["浏览器没让出声,再点一次", false],
  failed: ["刚才没报出声,点一下再试", false],
  none: ["这个浏览器不会报号", false],
};
const voice = new Voice(region.dataset.hall, (state) => {
  const [words, on] = SOUND[state];
  sound.textContent = words;
  sound.classList.toggle("on", on);
  sound.setAttribute("aria-pressed", String(voice.on));
});
sound.addEventListener("click", () => (voice.on ? voice.close() : voice.open()));

// The page's clock is the server's.
const skew = Date.parse(clock.dataset.now) - Date.now();
const time = new Intl.DateTimeFormat("zh-CN", {
  hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai",
});
setInterval(() => {
  clock.textContent = time.format(new Date(Date.now() + skew));
}, 1000);

function show(data) {
  const before = region.querySelector("[data-call]")?.dataset.call;
  region.innerHTML = data.html;
  const newest = region.querySelector("[data-call]");
  if (newest && before && newest.dataset.call !== before) {
    newest.classList.add("fresh");
    setTimeout(() => newest.classList.remove("fresh"), FRESH);
  }
  voice.hear(data.calls, data.day);
  // The date is the day's: past midnight the page is opened anew.
  if (region.dataset.day && region.dataset.day !== data.day) location.reload();
  region.dataset.day = data.day;
}

watch(region.dataset.live, {
  snapshot: show,
  state(state, seconds) {
    connection.className = `connection ${state}`;
    if (state === "live") connection.textContent = "";
    else if (state === "lost") connection.textContent = `○ 连接断了,正在重连…(${seconds} 秒)`;
    else connection.textContent = "✕ 链接停用了,请让主管重新生成";
  },
});
