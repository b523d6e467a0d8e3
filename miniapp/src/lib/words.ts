/** What the app itself says, in Chinese and English. What the service says comes in its own words. */
import { onShow } from "@dcloudio/uni-app";
import { ref } from "vue";

const zh = {
  find: "办事",
  mine: "我的办件",
  guide: "办事指南",
  apply: "填写申请",
  photos: "拍照上传",
  progress: "办件进度",
  booking: "预约上门",
  search: "想办什么事？例如：社保卡丢了",
  nothingFound: "没有找到。换个说法试试，例如“社保卡”“房子过户”。",
  popular: "常办事项",
  days: "个工作日办结",
  zeroTrip: "一次不跑",
  inPerson: "须本人到场",
  need: "要准备什么",
  sample: "样图",
  howLong: "多久办好",
  promised: "承诺 {n} 个工作日",
  statutory: "法定 {n} 个工作日",
  preaudit: "材料 {n} 小时内看完",
  fee: "费用",
  free: "不收费",
  yuan: "{n} 元",
  result: "办成后得到",
  original: "原件",
  start: "开始办理",
  questions: "先回答几个问题",
  yes: "是",
  no: "不是",
  whoFor: "给谁办",
  name: "姓名",
  idNumber: "身份证号码",
  phone: "手机号码",
  address: "上门地址",
  province: "省",
  city: "市",
  county: "区县",
  detail: "街道门牌",
  next: "下一步",
  photograph: "拍照",
  retake: "重拍",
  remove: "删除",
  uploading: "正在上传",
  reading: "正在识读",
  good: "可以",
  mend: "请重拍",
  submit: "提交",
  submitFirst: "还差 {n} 项",
  optional: "选交",
  deferrable: "可后补",
  happened: "办到哪一步",
  whatNext: "接下来",
  until: "最晚 {d}",
  originals: "原件在哪里",
  courier: "快递",
  chooseWindow: "选上门时间",
  bookWindow: "预约这个时间",
  tired: "已停止自动刷新。",
  nobodyCame: "没有人来",
  cancelBooking: "取消预约",
  documents: "通知书和回执",
  open: "打开",
  rate: "评价",
  levels: ["非常满意", "满意", "基本满意", "不满意", "非常不满意"],
  whyBad: "哪里没做好？",
  send: "发送",
  withdraw: "撤回申请",
  sure: "确定吗？",
  cancel: "取消",
  largeType: "大字",
  language: "English",
  offline: "网络不通，请稍后再试。",
  retry: "再试一次",
  empty: "还没有办件。",
  correction: "请一次补正以下内容",
  timeline: "经过",
  privacyTitle: "您的材料怎样使用",
  privacyText: "照片只用于本次办理，加密保存，办结后按规定期限删除。工作人员每次查看都有记录，您可以随时查询。",
  agree: "同意并继续",
};

export type Words = typeof zh;

const en: Words = {
  find: "Services",
  mine: "My cases",
  guide: "Guide",
  apply: "Application",
  photos: "Photographs",
  progress: "Progress",
  booking: "Courier",
  search: "What do you need? e.g. lost social card",
  nothingFound: "Nothing found. Try other words, such as “social card” or “house transfer”.",
  popular: "Often asked for",
  days: " working days",
  zeroTrip: "No trip",
  inPerson: "In person",
  need: "What you need",
  sample: "Sample",
  howLong: "How long it takes",
  promised: "Promised: {n} working days",
  statutory: "By law: {n} working days",
  preaudit: "Papers looked at within {n} hours",
  fee: "Fee",
  free: "Free",
  yuan: "CNY {n}",
  result: "What you get",
  original: "Original",
  start: "Start",
  questions: "A few questions first",
  yes: "Yes",
  no: "No",
  whoFor: "Who is it for",
  name: "Name",
  idNumber: "ID number",
  phone: "Mobile phone",
  address: "Courier address",
  province: "Province",
  city: "City",
  county: "District",
  detail: "Street and number",
  next: "Next",
  photograph: "Take photo",
  retake: "Retake",
  remove: "Delete",
  uploading: "Sending",
  reading: "Being read",
  good: "Good",
  mend: "Please retake",
  submit: "Submit",
  submitFirst: "{n} missing",
  optional: "optional",
  deferrable: "may follow later",
  happened: "Where it stands",
  whatNext: "What next",
  until: "Latest {d}",
  originals: "Where your originals are",
  courier: "Courier",
  chooseWindow: "Choose a time",
  bookWindow: "Book this time",
  tired: "No longer refreshed by itself.",
  nobodyCame: "Nobody came",
  cancelBooking: "Cancel booking",
  documents: "Notices and receipts",
  open: "Open",
  rate: "Rate us",
  levels: ["Very good", "Good", "Fair", "Bad", "Very bad"],
  whyBad: "What went wrong?",
  send: "Send",
  withdraw: "Withdraw",
  sure: "Are you sure?",
  cancel: "Cancel",
  largeType: "Large type",
  language: "中文",
  offline: "No connection. Please try again.",
  retry: "Try again",
  empty: "No cases yet.",
  correction: "Please mend all of this",
  timeline: "What happened",
  privacyTitle: "How your papers are used",
  privacyText:
    "Photos are used for this case only, kept sealed, and deleted in due time. Every look by staff is recorded; you can ask for the list at any time.",
  agree: "Agree and go on",
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
