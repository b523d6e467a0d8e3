// Compares a dropped or chosen PDF with the hash of the letter. The file stays in the browser.
"use strict";

const section = document.querySelector(".file");
if (section) {
  const input = section.querySelector("#pdf");
  const drop = section.querySelector(".drop");
  const told = section.querySelector(".compared");

  const say = (text, kind) => {
    told.textContent = text;
    told.className = `compared ${kind}`;
  };

  const hex = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");

  const compare = async (file) => {
    if (!file) return;
    if (!window.crypto || !window.crypto.subtle) {
      say("当前连接不安全，无法核对文件。请用 https 打开本页。", "other");
      return;
    }
    say("正在核对……", "");
    const found = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    if (found === section.dataset.sha256) say(`“${file.name}”与出具的电子文件完全一致。`, "same");
    else say(`“${file.name}”与出具的电子文件不一致，可能被改动过，或者不是这份文书。`, "other");
  };

  input.addEventListener("change", () => compare(input.files[0]));
  input.addEventListener("focus", () => drop.classList.add("focused"));
  input.addEventListener("blur", () => drop.classList.remove("focused"));
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    compare(event.dataTransfer.files[0]);
  });
}
