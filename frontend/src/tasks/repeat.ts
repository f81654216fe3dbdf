import type { Text } from "@/i18n/format";

/** An RRULE (RFC 5545, without its prefix) in words, as far as the page has words for it. */
export function repeatName(rule: string, text: Text): string {
  const parts = new Map(rule.split(";").map((part) => part.split("=", 2) as [string, string]));
  const every = Number(parts.get("INTERVAL") ?? "1");
  const days = parts.get("BYDAY")?.split(",") ?? [];
  if (every !== 1 || parts.has("COUNT") || parts.has("UNTIL")) return text("repeat.custom");
  switch (parts.get("FREQ")) {
    case "DAILY":
      return text("repeat.daily");
    case "WEEKLY":
      return days.length === 5 && !days.includes("SA") && !days.includes("SU")
        ? text("repeat.weekdays")
        : text("repeat.weekly");
    case "MONTHLY":
      return text("repeat.monthly");
    case "YEARLY":
      return text("repeat.yearly");
    default:
      return text("repeat.custom");
  }
}

/** The repeats that can be chosen from a menu; empty is none. */
export const REPEATS = [
  "",
  "FREQ=DAILY",
  "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
  "FREQ=WEEKLY",
  "FREQ=MONTHLY",
  "FREQ=YEARLY",
] as const;
