import { expect, test } from "vitest";
import { en } from "@/i18n/en";
import { textIn } from "@/i18n/format";
import { ur } from "@/i18n/ur";
import { dayIn, daysBetween, isDay, momentOf, mondayAfter, plusDays, startOfWeek, weekendAfter } from "./day";
import { dayName, dueName, dueTone, isOverdue } from "./due";

// 2026-11-23 is a Monday.
const TODAY = "2026-11-23";
const NOON = new Date("2026-11-23T12:00:00");
const text = textIn("en", en);

test("days are counted over months, years and changes of the clocks", () => {
  expect(plusDays("2026-02-28", 1)).toBe("2026-03-01");
  expect(plusDays("2026-12-31", 1)).toBe("2027-01-01");
  for (let days = 0; days < 800; days++) expect(daysBetween(TODAY, plusDays(TODAY, days))).toBe(days);
});

test("only a day that there is counts as one", () => {
  expect(["2026-11-23", "2024-02-29"].every(isDay)).toBe(true);
  expect(["", "2026-02-29", "2026-13-01", "tomorrow", "2026-11-23T12:00"].some(isDay)).toBe(false);
});

test("the weekend can be today, next week never is", () => {
  expect(weekendAfter(TODAY)).toBe("2026-11-28");
  expect(weekendAfter("2026-11-28")).toBe("2026-11-28");
  expect(mondayAfter(TODAY)).toBe("2026-11-30");
  expect(startOfWeek("2026-11-29")).toBe(TODAY);
});

test("a task of today is late once its time has passed, and a done one never is", () => {
  const at = (time: string | null, done = false) => ({ done, due: { date: TODAY, time, time_zone: null } });
  expect(isOverdue(at("11:59"), NOON, TODAY)).toBe(true);
  expect(isOverdue(at("12:01"), NOON, TODAY)).toBe(false);
  expect(isOverdue(at(null), NOON, TODAY)).toBe(false);
  expect(isOverdue(at("11:59", true), NOON, TODAY)).toBe(false);
  expect(dueTone(at(null), NOON, TODAY)).toBe("today");
});

test("the day and the moment are those of the zone, also where the clocks change", () => {
  const evening = new Date("2026-11-23T20:30:00Z");
  expect(dayIn("Asia/Karachi", evening)).toBe("2026-11-24");
  expect(dayIn("America/New_York", evening)).toBe("2026-11-23");
  expect(momentOf("2026-11-24", "01:30", "Asia/Karachi")).toEqual(evening);
  expect(momentOf("2026-03-29", "01:59:59", "Europe/Berlin").toISOString()).toBe("2026-03-29T00:59:59.000Z");
  expect(momentOf("2026-03-29", "03:00", "Europe/Berlin").toISOString()).toBe("2026-03-29T01:00:00.000Z");
  expect(momentOf("2026-10-25", "12:00", "Europe/Berlin").toISOString()).toBe("2026-10-25T11:00:00.000Z");
});

test("a time elsewhere is late when it is past there, and says where it is meant", () => {
  const due = { date: TODAY, time: "17:00", time_zone: "Asia/Karachi" };
  expect(isOverdue({ done: false, due }, new Date("2026-11-23T11:59:00Z"), TODAY)).toBe(false);
  expect(isOverdue({ done: false, due }, new Date("2026-11-23T12:01:00Z"), TODAY)).toBe(true);
  expect(dueName(due, TODAY, "en-GB", text)).toBe("Today, 17:00 Karachi");
});

test("near days have names, far ones a date", () => {
  const name = (days: number) => dayName(plusDays(TODAY, days), TODAY, "en-GB", text);
  expect([-1, 0, 1, 4].map(name)).toEqual(["Yesterday", "Today", "Tomorrow", "Friday"]);
  expect(name(7)).toBe("30 Nov");
  expect(name(60)).toBe("22 Jan 2027");
});

test("a time in Urdu stands after Urdu's comma, and its letters do not change sides with its figures", () => {
  const due = { date: TODAY, time: "17:00", time_zone: null };
  expect(dueName(due, TODAY, "ur", textIn("ur", ur))).toMatch(/^آج، \u2068.*5:00.*\u2069$/);
});
