import { timeZone } from "@/api/timeZone";
import type { Due, Task } from "@/api/types";
import type { Text } from "@/i18n/format";
import { type Day, daysBetween, momentOf, noonOf } from "./day";

export type DueTone = "late" | "today" | "soon" | "later";

/** The moment that a due means: in its own zone, or in the person's when it has none. */
export const dueMoment = (due: Due): Date => momentOf(due.date, due.time ?? "00:00", due.time_zone ?? timeZone());

export function isOverdue(task: Pick<Task, "due" | "done">, now: Date, today: Day): boolean {
  if (!task.due || task.done) return false;
  if (task.due.date !== today) return task.due.date < today;
  return Boolean(task.due.time) && dueMoment(task.due) < now;
}

export function dueTone(task: Pick<Task, "due" | "done">, now: Date, today: Day): DueTone {
  if (isOverdue(task, now, today)) return "late";
  const days = task.due ? daysBetween(today, task.due.date) : Infinity;
  return days === 0 ? "today" : days <= 7 ? "soon" : "later";
}

/** "Today", "Tomorrow", "Friday" within a week, then "12 Dec", with the year when it is another one. */
export function dayName(day: Day, today: Day, locale: string, text: Text): string {
  const days = daysBetween(today, day);
  if (days === 0) return text("due.today");
  if (days === 1) return text("due.tomorrow");
  if (days === -1) return text("due.yesterday");
  if (days > 1 && days < 7) return new Intl.DateTimeFormat(locale, { weekday: "long" }).format(noonOf(day));
  const year = day.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year }).format(noonOf(day));
}

export function timeName(time: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(new Date(`2000-01-01T${time}`));
}

/** "Karachi" of "Asia/Karachi". */
export const placeOf = (zone: string): string => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

export function dueName(due: Due, today: Day, locale: string, text: Text): string {
  const day = dayName(due.date, today, locale, text);
  if (!due.time) return day;
  const elsewhere = due.time_zone && due.time_zone !== timeZone() ? ` ${placeOf(due.time_zone)}` : "";
  return text("due.at", { day, time: `${timeName(due.time, locale)}${elsewhere}` });
}
