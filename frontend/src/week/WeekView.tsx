"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useLocale, useText } from "@/i18n/language";
import { noonOf, plusDays } from "@/tasks/day";
import { TaskDialog } from "@/tasks/TaskDialog";
import { useNow } from "@/tasks/useNow";
import { useTaskActions } from "@/tasks/useTaskActions";
import { useViewState } from "@/tasks/useViewState";
import { Button, IconButton } from "@/ui/Button";
import { DayColumn } from "./DayColumn";
import { useShownWeek } from "./useShownWeek";
import { useWeek } from "./useWeek";

const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** Seven days side by side; a task is moved by dragging it, or by its menu. */
export function WeekView() {
  const text = useText();
  const locale = useLocale();
  const { today } = useNow();
  const { openTaskId, openTask } = useViewState();
  const actions = useTaskActions();
  const { start, show } = useShownWeek(today);
  const { tasks, isError } = useWeek(start);
  const title = start && new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" }).format(noonOf(start));

  return (
    <div className="flex h-full flex-col overflow-y-auto px-4 pb-24 md:px-6 md:pb-6">
      <header className="flex items-end justify-between gap-4 pt-6 pb-5 md:pt-10">
        <div>
          <h1 className="font-bold text-[28px] leading-9 tracking-[-0.02em]">{text("view.week")}</h1>
          <p className="mt-0.5 h-5 text-sm text-soft" aria-live="polite">
            {title}
          </p>
        </div>
        <div className="flex items-center gap-1">
          <IconButton
            label={text("week.previous")}
            icon={<ChevronLeft aria-hidden className="size-5 rtl:-scale-x-100" />}
            onClick={() => show(plusDays(start, -7))}
          />
          <Button onClick={() => show(today)}>{text("due.today")}</Button>
          <IconButton
            label={text("week.next")}
            icon={<ChevronRight aria-hidden className="size-5 rtl:-scale-x-100" />}
            onClick={() => show(plusDays(start, 7))}
          />
        </div>
      </header>
      {isError && (
        <p role="alert" className="mb-3 rounded-lg bg-danger-soft px-3 py-2 text-danger text-sm">
          {text("list.failed")}
        </p>
      )}
      {start && (
        <div className="@container flex flex-1 flex-col">
          <div className="grid flex-1 gap-2 @lg:auto-rows-fr @lg:grid-cols-4 @5xl:grid-cols-7">
            {DAYS.map((offset) => {
              const day = plusDays(start, offset);
              return (
                <DayColumn
                  key={day}
                  day={day}
                  tasks={tasks.filter((task) => task.due?.date === day)}
                  all={tasks}
                  actions={actions}
                  onOpen={openTask}
                />
              );
            })}
          </div>
        </div>
      )}
      {openTaskId && <TaskDialog key={openTaskId} id={openTaskId} actions={actions} onClose={() => openTask(null)} />}
    </div>
  );
}
