/**
 * In a browser the framework draws its own elements, of which screen readers and keyboards know nothing: an input's
 * label stands on the element around it, a button is no button. Here they are told, whenever something was drawn.
 */

import { watchEffect } from "vue";
import { language } from "./words";

const PRESSED = ["Enter", " "];

export function attend(): void {
  // screen readers choose their voice by it
  watchEffect(() => (document.documentElement.lang = language.value === "en" ? "en" : "zh-CN"));
  new MutationObserver(mend).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["aria-label", "disabled"],
  });
  document.addEventListener("keydown", press);
  mend();
}

function mend(): void {
  for (const outer of document.querySelectorAll("uni-input[aria-label], uni-textarea[aria-label]"))
    set(outer.querySelector("input, textarea"), "aria-label", outer.getAttribute("aria-label") ?? "");
  for (const button of document.querySelectorAll("uni-button")) {
    if (!button.hasAttribute("role")) set(button, "role", "button");
    const off = button.hasAttribute("disabled") && button.getAttribute("disabled") !== "false";
    set(button, "aria-disabled", String(off));
    set(button, "tabindex", off ? "-1" : "0");
  }
  for (const link of document.querySelectorAll("uni-view[role=link]")) set(link, "tabindex", "0");
  for (const image of document.querySelectorAll("uni-image[alt]")) {
    set(image, "role", "img");
    set(image, "aria-label", image.getAttribute("alt") ?? "");
    set(image.querySelector("img"), "alt", "");
  }
}

/** Only what changes anything, or the observer would never rest. */
function set(element: Element | null, name: string, value: string): void {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function press(event: KeyboardEvent): void {
  const on = event.target as HTMLElement;
  if (!PRESSED.includes(event.key) || !on.matches("uni-button, uni-view[role=link]")) return;
  event.preventDefault();
  on.click();
}
