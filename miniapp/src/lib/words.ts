/** What the app itself says, in Chinese and English. What the service says comes in its own words. */
import { onShow } from "@dcloudio/uni-app";
import { ref } from "vue";
import * as agents from "../words/agents";
import * as check from "../words/check";
import * as common from "../words/common";
import * as complaints from "../words/complaints";
import * as courier from "../words/courier";
import * as find from "../words/find";
import * as photos from "../words/photos";
import * as promises from "../words/promises";
import * as reuse from "../words/reuse";
import * as visits from "../words/visits";

const zh = {
  ...agents.zh, ...check.zh, ...common.zh, ...complaints.zh, ...courier.zh, ...find.zh, ...photos.zh, ...promises.zh, ...reuse.zh, ...visits.zh,
};

export type Words = typeof zh;

const en: Words = {
  ...agents.en, ...check.en, ...common.en, ...complaints.en, ...courier.en, ...find.en, ...photos.en, ...promises.en, ...reuse.en, ...visits.en,
};

const LANGUAGE = "zerotrip.language";
const LARGE = "zerotrip.large";

export const language = ref<"zh" | "en">((uni.getStorageSync(LANGUAGE) as "zh" | "en") || "zh");
export const large = ref<boolean>(Boolean(uni.getStorageSync(LARGE)));

export function setLanguage(to: "zh" | "en"): void {
  language.value = to;
  uni.setStorageSync(LANGUAGE, to);
  nameTabs();
}

/** The names of the tabs stand in pages.json in Chinese only. */
export function nameTabs(): void {
  uni.setTabBarItem({ index: 0, text: say("find") });
  uni.setTabBarItem({ index: 1, text: say("mine") });
}

/** A page's title, in the language of the moment. */
export function titled(key: Texts): void {
  onShow(() => void uni.setNavigationBarTitle({ title: say(key) }));
}

export function setLarge(to: boolean): void {
  large.value = to;
  uni.setStorageSync(LARGE, to);
}

type Texts = { [K in keyof Words]: Words[K] extends string ? K : never }[keyof Words];

export function say(key: Texts, values: Record<string, string | number> = {}): string {
  const text = (language.value === "en" ? en : zh)[key];
  return Object.entries(values).reduce((out, [name, value]) => out.replace(`{${name}}`, String(value)), text);
}

export function levels(): string[] {
  return (language.value === "en" ? en : zh).levels;
}
