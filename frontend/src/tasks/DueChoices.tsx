"use client";

import { CalendarOff, CalendarPlus, CalendarRange, Sofa, Sun, Sunrise } from "lucide-react";
import { useLocale, useText } from "@/i18n/language";
import { MenuItem, MenuLine } from "@/ui/Menu";
import { type Day, mondayAfter, noonOf, plusDays, weekendAfter } from "./day";
import { useNow } from "./useNow";

interface DueChoicesProps {
  onMove: (day: Day) => void;
  onPick: () => void;
  /** For a task that has a date, which can be taken away. */
  onClear: (() => void) | null;
}

/** The days people move tasks to. */
export function DueChoices({ onMove, onPick, onClear }: DueChoicesProps) {
  const text = useText();
  const locale = useLocale();
  const { today } = useNow();
  const weekday = (day: Day) => new Intl.DateTimeFormat(locale, { weekday: "short" }).format(noonOf(day));
  const days = [
    { name: text("due.today"), day: today, icon: <Sun aria-hidden className="size-4" /> },
    { name: text("due.tomorrow"), day: plusDays(today, 1), icon: <Sunrise aria-hidden className="size-4" /> },
    { name: text("due.weekend"), day: weekendAfter(today), icon: <Sofa aria-hidden className="size-4" /> },
    { name: text("due.nextWeek"), day: mondayAfter(today), icon: <CalendarRange aria-hidden className="size-4" /> },
  ];
  return (
    <>
      {days.map(({ name, day, icon }) => (
        <MenuItem key={name} icon={icon} hint={weekday(day)} onSelect={() => onMove(day)}>
          {name}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<CalendarPlus aria-hidden className="size-4" />} onSelect={onPick}>
        {text("due.pick")}
      </MenuItem>
      {onClear && (
        <MenuItem icon={<CalendarOff aria-hidden className="size-4" />} onSelect={onClear}>
          {text("due.clear")}
        </MenuItem>
      )}
    </>
  );
}
