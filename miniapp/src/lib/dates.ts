/** Dates as people here read them. The service sends Beijing time with its offset; it is shown as sent. */
import { language } from "./words";

const DATE = /^(\d{4})-(\d{2})-(\d{2})/;
const CLOCK = /T(\d{2}:\d{2})/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = { zh: ["日", "一", "二", "三", "四", "五", "六"], en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] };

export function day(iso: string): string {
  const [, , month, date] = DATE.exec(iso) ?? [];
  if (!month || !date) return iso;
  return language.value === "en" ? `${Number(date)} ${MONTHS[Number(month) - 1]}` : `${Number(month)}月${Number(date)}日`;
}

export function weekday(iso: string): string {
  const [, year, month, date] = DATE.exec(iso) ?? [];
  if (!date) return "";
  return WEEKDAYS[language.value][new Date(Date.UTC(Number(year), Number(month) - 1, Number(date))).getUTCDay()] ?? "";
}

/** 11月27日（周五）, Fri 27 Nov. */
export function dated(iso: string): string {
  const name = weekday(iso);
  if (!name) return day(iso);
  return language.value === "en" ? `${name} ${day(iso)}` : `${day(iso)}（周${name}）`;
}

export function clock(iso: string): string {
  return CLOCK.exec(iso)?.[1] ?? "";
}

export function moment(iso: string): string {
  return clock(iso) ? `${day(iso)} ${clock(iso)}` : day(iso);
}

/** 11月22日（周日）13:00–15:00; what ends at another day's midnight still ends that day. */
export function span(start: string, end: string): string {
  return `${dated(start)} ${clock(start)}–${clock(end)}`;
}
