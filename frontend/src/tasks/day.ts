/** A day of the person's own calendar, as an ISO date. */
export type Day = string;

export function dayOf(moment: Date): Day {
  const month = String(moment.getMonth() + 1).padStart(2, "0");
  return `${moment.getFullYear()}-${month}-${String(moment.getDate()).padStart(2, "0")}`;
}

export const today = (): Day => dayOf(new Date());

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
