// What the terminal says, Chinese first, English with the same keys. {braces}: values.

const zh = {
  brand: "零跑动 自助办理", other: "English", end: "结束", back: "返回", next: "下一步", skip: "没有，跳过", again: "重拍", retry: "再试一次",
  clock: "已用 {used}，约需 3 分钟", step: "第 {n} 步，共 {of} 步",
  steps: "选事项|看清单|刷身份证|留手机|扫材料|核对", nav: "进度",
  enrolTitle: "启用这台终端", enrolSay: "请输入管理员给的启用码（10位）。", enrolCode: "启用码", enrol: "启用", enrolled: "已启用",
  idleTitle: "自助办事", idleSay: "3分钟办完，带走回执，不用排队。", start: "点一下，开始办理",
  idle1: "选要办的事", idle2: "放身份证、扫材料", idle3: "核对后提交，拿回执",
  paperOut: "打印机缺纸：回执会发到您的手机，也可以扫屏幕上的二维码带走。",
  outTitle: "暂停服务", outSay: "网络中断，正在自动恢复，恢复后即可使用。",
  outElse: "现在可以这样办：", out1: "用手机微信小程序“零跑动”办理，不用到现场", out2: "到旁边的综合窗口办理", out3: "拨打 12345 咨询",
  chooseTitle: "您要办什么事？", search: "输入要办的事，比如：社保卡丢了", searchLabel: "查找事项", events: "按人生大事找", all: "这里可以办的事",
  none: "这台终端上没有找到。换个说法试试，或用手机小程序、到窗口办理。", found: "找到的事项",
  days: "承诺 {n} 个工作日办结", instant: "马上办结", fee: "收费 {yuan} 元", free: "不收费", when: "{clause}时需要",
  bring: "要扫描这些材料", optional: "有就扫", gather: "请先看看都带了吗，没带齐可以改天再来。",
  privacy: "您的材料怎样使用", privacySay: "身份证信息、手机号码和材料照片只用于办理这件事，交给负责办理的部门。办完或离开后，这台终端上什么都不留。",
  agree: "同意，开始办理", yes: "是", no: "否", askTitle: "先回答几个问题", typeHere: "请填写",
  idTitle: "请放身份证", idReader: "把身份证放在读卡区", idReading: "正在等待刷卡…", idCamera: "把身份证人像面平放在镜头下，四个角都要看到", idShoot: "拍身份证",
  idTyped: "没带身份证，手动填写", idOther: "改用拍照", idBy: "改用刷卡", name: "姓名", number: "身份证号码", isYou: "是这个人要办吗？", isYouYes: "是，继续", isYouNo: "不是，重来",
  confirm: "确定", erase: "删除一位", clear: "清空",
  phoneTitle: "请留手机号码", phoneSay: "进展和回执用短信告诉您，也可以在手机上接着办。", phone: "手机号码", keep: "没办完就离开的话，保存下来，我在手机上接着办",
  scanTitle: "扫描材料", scanHere: "把材料平放在镜头下，四个角都要看到", shoot: "扫描", nextPage: "扫下一页", sending: "正在上传…", reading: "正在看照片，几秒钟就好…",
  good: "清楚，可以", mend: "需要重拍", useIt: "先用这张", slow: "看得有点慢，先继续，稍后还会再看。", pages: "已扫 {n} 页", todo: "待扫描", doneAll: "都扫好了", needAll: "还有必须的材料没有扫。",
  noCamera: "镜头打不开。请换一台终端，或到窗口办理。", keepGoing: "这份扫好了，下一份",
  checkTitle: "请核对", checkSay: "这些是从您的材料上看到的。有不对的，点“重扫”。", sure: "请看清楚", rescan: "重扫", submit: "没有问题，提交", nothingRead: "已扫描，由工作人员查看",
  submitting: "正在提交…", receiptTitle: "提交好了", caseNo: "办件编号", took: "用时 {used}", code: "验证码", qrAlt: "二维码：在自己的手机上接着办",
  takeAlong: "手机扫码，在自己手机上接着办", idEnd: "打开时要填身份证号码后四位。", printed: "回执正在打印，请在下方取走。", notPrinted: "没有纸质回执：短信已发到 {phone}，也可以现在扫码带走。",
  sms: "有进展时发短信到 {phone}。", finish: "完成", finishIn: "完成（{n}）",
  thanks: "谢谢，慢走", thanksSay: "您的信息已从这台终端清除。", cardBack: "请别忘了拿走身份证和材料。",
  stillTitle: "还在吗？", stillSay: "{n} 秒后自动结束，并清除您的信息。", stillYes: "我还在，继续", stillNo: "结束",
  endTitle: "要结束吗？", endSay: "还没有提交。结束后，您的信息会从这台终端清除。", endKept: "还没有提交。结束后可以在手机上接着办，验证码用短信发给您。", endYes: "结束", endNo: "继续办理",
  lost: "网络中断，正在重新连接，请稍等…", over: "这次办理已经结束。", oops: "没有成功，请再试一次。",
  slipTitle: "自助办理回执", slipItem: "事项", slipAt: "提交", slipOffice: "网点",
  slipFoot: "手机扫码，在自己手机上接着办。打开时请填身份证号码后四位。验证码已发到您的手机，7天内有效。材料已提交，不用再来。",
};

const en = {
  brand: "Zerotrip self-service", other: "中文", end: "End", back: "Back", next: "Next", skip: "I have none, skip", again: "Take again", retry: "Try again",
  clock: "{used} so far, about 3 minutes in all", step: "Step {n} of {of}",
  steps: "Choose|Checklist|ID card|Phone|Scan|Check", nav: "Progress",
  enrolTitle: "Enrol this terminal", enrolSay: "Enter the code from the administrator (10 characters).", enrolCode: "Enrolment code", enrol: "Enrol", enrolled: "Enrolled",
  idleTitle: "Self-service", idleSay: "Done in 3 minutes, with a receipt. No queue.", start: "Touch to start",
  idle1: "Choose what you need", idle2: "Show your ID card, scan your papers", idle3: "Check, submit, take the receipt",
  paperOut: "The printer is out of paper: your receipt goes to your phone, or scan the code on the screen.",
  outTitle: "Out of service", outSay: "The network is down. The terminal comes back by itself.",
  outElse: "What you can do now:", out1: "Apply on your phone, in the WeChat mini-program “零跑动”", out2: "Go to the counter nearby", out3: "Call 12345 to ask",
  chooseTitle: "What do you need?", search: "Type what you need, for example: lost social card", searchLabel: "Search", events: "By life event", all: "What can be done here",
  none: "Nothing found on this terminal. Try other words, use the mini-program on your phone, or go to the counter.", found: "Found",
  days: "Done within {n} working days", instant: "Done at once", fee: "Fee: {yuan} yuan", free: "No fee", when: "Needed if {clause}",
  bring: "You will scan these papers", optional: "if you have it", gather: "Please make sure that you have them with you.",
  privacy: "How your papers are used", privacySay: "Your ID details, phone number and pictures are used for this application only and go to the department that decides it. When you finish or leave, nothing stays on this terminal.",
  agree: "Agree and start", yes: "Yes", no: "No", askTitle: "A few questions first", typeHere: "Please fill in",
  idTitle: "Your ID card", idReader: "Put your ID card on the reader", idReading: "Waiting for the card…", idCamera: "Lay the card, portrait side up, under the camera. All four corners must show.", idShoot: "Take the picture",
  idTyped: "No card with me, type it", idOther: "Use the camera", idBy: "Use the card reader", name: "Name", number: "ID number", isYou: "Is this the applicant?", isYouYes: "Yes, go on", isYouNo: "No, start over",
  confirm: "OK", erase: "Delete one", clear: "Clear",
  phoneTitle: "Your mobile number", phoneSay: "News and the receipt come by text message. You can also go on by phone.", phone: "Mobile number", keep: "If I leave before the end, keep it so that I can go on by phone",
  scanTitle: "Scan your papers", scanHere: "Lay the paper under the camera. All four corners must show.", shoot: "Scan", nextPage: "Scan another page", sending: "Sending…", reading: "Looking at the picture, a few seconds…",
  good: "Clear, good", mend: "Please take it again", useIt: "Use this one", slow: "This takes longer. Go on, it will be looked at later.", pages: "{n} scanned", todo: "To scan", doneAll: "All scanned", needAll: "A required paper is still missing.",
  noCamera: "The camera does not open. Please use another terminal or go to the counter.", keepGoing: "Done, next paper",
  checkTitle: "Please check", checkSay: "This is what we read off your papers. If something is wrong, scan it again.", sure: "look closely", rescan: "Scan again", submit: "All correct, submit", nothingRead: "Scanned; the office will look at it",
  submitting: "Submitting…", receiptTitle: "Submitted", caseNo: "Case number", took: "It took {used}", code: "Code", qrAlt: "QR code: go on with your own phone",
  takeAlong: "Scan to go on with your own phone", idEnd: "You will be asked for the last four digits of the ID number.", printed: "Your receipt is being printed, please take it below.", notPrinted: "No paper receipt: a text message was sent to {phone}; you may also scan the code now.",
  sms: "News will be sent to {phone}.", finish: "Finish", finishIn: "Finish ({n})",
  thanks: "Thank you", thanksSay: "Your details have been wiped from this terminal.", cardBack: "Please take your ID card and your papers with you.",
  stillTitle: "Are you still there?", stillSay: "In {n} seconds this ends and your details are wiped.", stillYes: "I am here, go on", stillNo: "End",
  endTitle: "End now?", endSay: "It is not submitted yet. Your details will be wiped from this terminal.", endKept: "It is not submitted yet. You can go on by phone: a code will be sent to you.", endYes: "End", endNo: "Go on",
  lost: "The network is down, reconnecting…", over: "This session has ended.", oops: "That did not work, please try again.",
  slipTitle: "Receipt", slipItem: "Item", slipAt: "Submitted", slipOffice: "Office",
  slipFoot: "Scan to go on with your own phone. You will be asked for the last four digits of the ID number. The code was sent to your phone, valid for 7 days. Your papers are submitted; no need to come again.",
};

const all = { zh, en };
let spoken = "zh";

export const language = () => spoken;
export const tag = () => (spoken === "zh" ? "zh-CN" : "en");

export function speak(which) {
  spoken = which;
  document.documentElement.lang = tag();
}

export function t(key, values = {}) {
  return all[spoken][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const keys = () => Object.keys(zh).filter((key) => !(key in en)).concat(Object.keys(en).filter((key) => !(key in zh)));
