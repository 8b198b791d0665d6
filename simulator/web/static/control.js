// The control API. Every write carries a header that no foreign page can send along.

import { toast } from "./dom.js";

const HEADERS = { "X-Simulator": "1" };

async function read(response) {
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(data.error ?? `模拟器没有应答(HTTP ${response.status})`);
  return data;
}

/** Read a part of the state. */
export async function get(name) {
  return read(await fetch(`control/${name}`));
}

/** Do something; an error becomes a toast and `null`. */
export async function post(name, body = {}) {
  return told(async () =>
    read(
      await fetch(`control/${name}`, {
        method: "POST",
        headers: { ...HEADERS, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    ),
  );
}

/** Let a citizen do something. */
export function act(openid, name, fields = {}) {
  return post("act", { openid, act: name, ...fields });
}

/** Send a picture in a citizen's name; `button` is the path of the menu button that asked for it. */
export async function sendImage(openid, blob, button) {
  const form = new FormData();
  form.append("media", blob, "photo.jpg");
  const query = new URLSearchParams({ openid, button: button ? button.join(",") : "" });
  return told(async () =>
    read(await fetch(`control/image?${query}`, { method: "POST", headers: HEADERS, body: form })),
  );
}

async function told(work) {
  try {
    return await work();
  } catch (error) {
    toast(error instanceof TypeError ? "连不上模拟器,请看服务是否在运行" : error.message);
    return null;
  }
}
