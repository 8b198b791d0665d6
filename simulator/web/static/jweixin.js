// Stands in for WeChat's JS-SDK on pages that the simulated phone shows: wx.config, and the open tag
// <wx-open-subscribe>, whose popup the phone around the page opens. A classic script, as the real one is.

(() => {
  const tags = new Map();
  let failed = null;
  let number = 0;

  class Subscribe extends HTMLElement {
    connectedCallback() {
      const shown = [...this.querySelectorAll("template")].find((template) => template.slot !== "style");
      if (!shown || this.querySelector("button")) return;
      const content = shown.content.cloneNode(true);
      content.querySelector("button")?.classList.add("button", "wide");
      this.append(content);
      this.addEventListener("click", () => this.ask());
    }

    ask() {
      if (window.parent === window) {
        this.dispatchEvent(new CustomEvent("error", { detail: { errMsg: "subscribe:fail no phone" } }));
        return;
      }
      tags.set(++number, this);
      const templates = (this.getAttribute("template") ?? "").split(",").slice(0, 3);
      window.parent.postMessage({ simulator: "subscribe", number, templates }, location.origin);
    }
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== location.origin) return;
    if (event.data?.simulator !== "subscribed") return;
    const answers = Object.entries(event.data.choices).map(([id, agreed]) => [
      id,
      JSON.stringify({ status: agreed ? "accept" : "reject" }),
    ]);
    const detail = { errMsg: "subscribe:ok", subscribeDetails: JSON.stringify(Object.fromEntries(answers)) };
    tags.get(event.data.number)?.dispatchEvent(new CustomEvent("success", { detail }));
    tags.delete(event.data.number);
  });

  window.wx = {
    error: (told) => (failed = told),
    config({ appId, timestamp, nonceStr, signature, openTagList }) {
      if (!appId || !timestamp || !nonceStr || !/^[0-9a-f]{40}$/.test(signature)) {
        failed?.({ errMsg: "config:invalid signature" });
      } else if (openTagList?.includes("wx-open-subscribe")) {
        customElements.define("wx-open-subscribe", Subscribe);
      }
    },
  };
})();
