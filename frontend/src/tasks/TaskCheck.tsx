"use client";

import { Check } from "lucide-react";
import type { Task } from "@/api/types";
import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";

const RING = {
  none: "border-line-strong hover:bg-sunken",
  low: "border-info bg-info-soft/60 hover:bg-info-soft",
  medium: "border-warn bg-warn-soft/60 hover:bg-warn-soft",
  high: "border-danger bg-danger-soft/60 hover:bg-danger-soft",
} as const;

const TICK = { none: "text-soft", low: "text-info", medium: "text-warn", high: "text-danger" } as const;

/** The round box before a task; its ring tells the priority. */
export function TaskCheck({ task, onChange }: { task: Task; onChange: (done: boolean) => void }) {
  const text = useText();
  return (
    <label className="group/check relative -m-2 grid size-9 shrink-0 cursor-pointer place-items-center rounded-full">
      <input
        type="checkbox"
        aria-label={text(task.done ? "task.reopen" : "task.complete", { title: task.title })}
        checked={task.done}
        onChange={(event) => onChange(event.target.checked)}
        className={classes(
          "size-[19px] cursor-pointer appearance-none rounded-full border-[1.75px] transition-all duration-200 active:scale-90",
          task.done ? "border-accent bg-accent" : RING[task.priority],
        )}
      />
      <Check
        aria-hidden
        strokeWidth={3.2}
        className={classes(
          "pointer-events-none absolute size-3 transition-opacity",
          task.done ? "text-on-accent" : `opacity-0 group-hover/check:opacity-100 ${TICK[task.priority]}`,
        )}
      />
    </label>
  );
}
