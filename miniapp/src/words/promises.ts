/** Papers that may follow later, and items that follow from others. */
export const zh = {
  promisedTitle: "还要补交",
  promisedUntil: "请在{d}前补交。补齐后才能送达结果。",
  promisedLate: "承诺的日期（{d}）已过，请马上补交，否则办理可能被终止。",
  promisedLooking: "已经收到，正在核对。",
  photographPromised: "拍照补交",
  promisedOnly: "只需补交下面的材料，传好就行，不用再提交。",
  bundleTitle: "一并办理",
  bundleFrom: "由“{item}”自动开办，不用另交材料。",
  bundleLacking: "还差：{list}",
};

export const en: typeof zh = {
  promisedTitle: "Still to hand in",
  promisedUntil: "Please hand it in by {d}. The result waits for it.",
  promisedLate: "The promised day ({d}) has passed. Please hand it in now, or the case may be ended.",
  promisedLooking: "It has come and is being looked at.",
  photographPromised: "Photograph it",
  promisedOnly: "Only the papers below are still needed. Once they are sent there is nothing else to do.",
  bundleTitle: "Goes along",
  bundleFrom: "Begun by itself from “{item}”, without further papers.",
  bundleLacking: "Still needed: {list}",
};
