"use client";

import { useLocale, useText } from "@/i18n/language";
import { noonOf } from "./day";
import { useNow } from "./useNow";
import type { View } from "./views";

/** Where one is: the view's name, the day for those that mean a day, and how much there is. */
export function ViewHeader({ view, count, more }: { view: View; count: number; more: boolean }) {
  const text = useText();
  const locale = useLocale();
  const { today } = useNow();
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
  return (
    <header className="flex items-end justify-between gap-4 pt-6 pb-5 md:pt-10">
      <div className="min-w-0">
        <h1 className="font-bold text-[28px] leading-9 tracking-[-0.02em]">{text(`view.${view}`)}</h1>
        <p className="mt-0.5 h-5 text-sm text-soft" aria-live="polite">
          {today &&
            [
              view === "today" && weekday.format(noonOf(today)),
              count > 0 && (more ? text("list.countMore", { n: count }) : text("list.count", { n: count })),
            ]
              .filter(Boolean)
              .join(" · ")}
        </p>
      </div>
    </header>
  );
}
