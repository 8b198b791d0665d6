// Lets WeChat draw its button on the page of reminders, and says what came of it.

const ask = document.getElementById("ask");
const said = document.getElementById("said");

function tell(words) {
  said.textContent = words;
}

function noButton() {
  tell("按钮没有出来,可能是微信的版本太旧。更新微信再试,不打开也不影响办事。");
}

/** How many notices were allowed; WeChat gives each template's answer as an object or as JSON in a string. */
function allowed(details) {
  const answers = typeof details === "string" ? JSON.parse(details || "{}") : details ?? {};
  return Object.values(answers).filter((answer) => {
    const status = typeof answer === "string" && answer.startsWith("{") ? JSON.parse(answer).status : answer?.status ?? answer;
    return status === "accept";
  }).length;
}

document.addEventListener("WeixinOpenTagsError", noButton);
for (const tag of ask.querySelectorAll("wx-open-subscribe")) {
  tag.addEventListener("success", (event) => {
    const count = allowed(event.detail?.subscribeDetails);
    tell(count ? `好了,打开了 ${count} 种提醒。` : "没有打开,不影响办事。");
  });
  tag.addEventListener("error", () => tell("没有打开成功,请再点一次。"));
}
if (window.wx) {
  window.wx.error(noButton);
  window.wx.config({
    debug: false,
    appId: ask.dataset.appid,
    timestamp: Number(ask.dataset.timestamp),
    nonceStr: ask.dataset.nonce,
    signature: ask.dataset.signature,
    jsApiList: ["hideMenuItems"], // some versions take no empty list
    openTagList: ["wx-open-subscribe"],
  });
} else {
  noButton();
}
