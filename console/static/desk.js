// A file is read into the field it belongs to, so that it can be looked over before it is sent. Without this, one pastes.

for (const picker of document.querySelectorAll("input[type=file][data-into]")) {
  picker.closest("[hidden]").hidden = false;
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    if (file) document.getElementById(picker.dataset.into).value = words(await file.arrayBuffer());
  });
}

// Spreadsheets in Chinese write GBK.
function words(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
