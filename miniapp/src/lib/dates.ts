/** Dates as people here read them. The service sends Beijing time with its offset; it is shown as sent. */

export function day(iso: string): string {
  const [, month, date] = /^\d{4}-(\d{2})-(\d{2})/.exec(iso) ?? [];
  return month && date ? `${Number(month)}月${Number(date)}日` : iso;
}

export function moment(iso: string): string {
  const clock = /T(\d{2}:\d{2})/.exec(iso)?.[1];
  return clock ? `${day(iso)} ${clock}` : day(iso);
}
