"use client";

import { useLocale, useText } from "@/i18n/language";
import { noonOf } from "./day";
import { dayName } from "./due";
import type { Row } from "./rows";
import { useNow } from "./useNow";

/** The heading over the tasks of one day. */
export function DayHeading({ row }: { row: Extract<Row, { kind: "heading" }> }) {
  const text = useText();
  const locale = useLocale();
  const { today } = useNow();
  const name = row.late ? text("group.overdue") : row.day ? dayName(row.day, today, locale, text) : text("group.noDue");
  const date =
    row.day && !row.late && new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }).format(noonOf(row.day));
  return (
    <h2 className="flex items-baseline gap-2 border-line border-b px-3 pt-5 pb-1.5 text-sm">
      <span className={row.late ? "font-semibold text-danger" : "font-semibold"}>{name}</span>
      {date && date !== name && <span className="text-faint">{date}</span>}
      <span className="ms-auto text-faint text-xs tabular-nums">{new Intl.NumberFormat(locale).format(row.count)}</span>
    </h2>
  );
}
