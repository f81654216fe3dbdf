/** A day of the person's own calendar, as an ISO date. */
export type Day = string;

export function dayOf(moment: Date): Day {
  const month = String(moment.getMonth() + 1).padStart(2, "0");
  return `${moment.getFullYear()}-${month}-${String(moment.getDate()).padStart(2, "0")}`;
}

/** Whether words, as of an address, are a day that there is. */
export const isDay = (words: string): words is Day => /^\d{4}-\d\d-\d\d$/.test(words) && plusDays(words, 0) === words;

/** The day that a moment belongs to in a time zone. Swedish writes dates as ISO 8601 does. */
export const dayIn = (zone: string, moment: Date): Day =>
  new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short" }).format(moment);

/** Milliseconds that the clocks of a zone are ahead of UTC at a moment. */
function aheadOf(zone: string, moment: number): number {
  const wall = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  return Date.parse(`${wall.format(moment).replace(" ", "T")}Z`) - Math.floor(moment / 1000) * 1000;
}

/** The moment at which the clocks of a zone show that time of that day. */
export function momentOf(day: Day, time: string, zone: string): Date {
  const asUtc = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
  const near = asUtc - aheadOf(zone, asUtc);
  return new Date(asUtc - aheadOf(zone, near));
}

/** Noon of that day, so that no change of the clocks moves it to another one. */
export function noonOf(day: Day): Date {
  return new Date(`${day}T12:00:00`);
}

export function plusDays(day: Day, days: number): Day {
  const moment = noonOf(day);
  moment.setDate(moment.getDate() + days);
  return dayOf(moment);
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((noonOf(to).getTime() - noonOf(from).getTime()) / 86_400_000);
}

/** Next Saturday, or today when it is one. */
export function weekendAfter(day: Day): Day {
  return plusDays(day, (6 - noonOf(day).getDay() + 7) % 7);
}

/** Next Monday, never today. */
export function mondayAfter(day: Day): Day {
  return plusDays(day, (1 - noonOf(day).getDay() + 7) % 7 || 7);
}

/** The Monday of that day's week. */
export function startOfWeek(day: Day): Day {
  return plusDays(day, -((noonOf(day).getDay() + 6) % 7));
}
