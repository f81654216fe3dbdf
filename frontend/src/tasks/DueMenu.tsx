"use client";

import { CalendarOff, CalendarPlus, CalendarRange, Sofa, Sun, Sunrise } from "lucide-react";
import { useRef } from "react";
import type { Due } from "@/api/types";
import { useLocale, useText } from "@/i18n/language";
import { Menu, MenuItem, MenuLine, type MenuProps } from "@/ui/Menu";
import { type Day, mondayAfter, noonOf, plusDays, weekendAfter } from "./day";
import { useNow } from "./useNow";

interface DueMenuProps {
  trigger: MenuProps["trigger"];
  due: Due | null;
  onChange: (due: Due | null) => void;
  align?: "start" | "end";
}

/** The days people move tasks to; a time of day that a task has is kept. */
export function DueMenu({ trigger, due, onChange, align }: DueMenuProps) {
  const text = useText();
  const locale = useLocale();
  const { today } = useNow();
  const picker = useRef<HTMLInputElement>(null);
  const weekday = (day: Day) => new Intl.DateTimeFormat(locale, { weekday: "short" }).format(noonOf(day));
  const move = (date: Day) => onChange({ date, time: due?.time ?? null, time_zone: due?.time_zone ?? null });
  const days = [
    { name: text("due.today"), day: today, icon: <Sun aria-hidden className="size-4" /> },
    { name: text("due.tomorrow"), day: plusDays(today, 1), icon: <Sunrise aria-hidden className="size-4" /> },
    { name: text("due.weekend"), day: weekendAfter(today), icon: <Sofa aria-hidden className="size-4" /> },
    { name: text("due.nextWeek"), day: mondayAfter(today), icon: <CalendarRange aria-hidden className="size-4" /> },
  ];
  return (
    <span className="relative inline-flex">
      <Menu trigger={trigger} align={align ?? "start"}>
        {days.map(({ name, day, icon }) => (
          <MenuItem key={name} icon={icon} hint={weekday(day)} onSelect={() => move(day)}>
            {name}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem icon={<CalendarPlus aria-hidden className="size-4" />} onSelect={() => picker.current?.showPicker()}>
          {text("due.pick")}
        </MenuItem>
        {due && (
          <MenuItem icon={<CalendarOff aria-hidden className="size-4" />} onSelect={() => onChange(null)}>
            {text("due.clear")}
          </MenuItem>
        )}
      </Menu>
      <input
        ref={picker}
        type="date"
        tabIndex={-1}
        aria-hidden
        value={due?.date ?? ""}
        onChange={(event) => event.target.value && move(event.target.value)}
        className="pointer-events-none absolute inset-x-0 bottom-0 h-0 opacity-0"
      />
    </span>
  );
}
