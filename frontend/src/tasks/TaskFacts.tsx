"use client";

import { CalendarDays, NotebookText, Repeat2, Tag } from "lucide-react";
import type { ReactNode } from "react";
import type { Task } from "@/api/types";
import { useLocale, useText } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { type DueTone, dueName, dueTone } from "./due";
import { repeatName } from "./repeat";
import { useNow } from "./useNow";

const TONES: Record<DueTone, string> = {
  late: "text-danger",
  today: "text-accent",
  soon: "text-soft",
  later: "text-soft",
};

function Fact({ icon, className, children }: { icon: ReactNode; className?: string; children?: ReactNode }) {
  return (
    <span className={classes("inline-flex max-w-full items-center gap-1", className ?? "text-faint")}>
      {icon}
      {children && <span className="truncate">{children}</span>}
    </span>
  );
}

/** The second line of a task: when, how often, its tags, whether there is a note. */
export function TaskFacts({ task, onTag }: { task: Task; onTag?: ((tag: string) => void) | undefined }) {
  const text = useText();
  const locale = useLocale();
  const { now, today } = useNow();
  if (!task.due && !task.repeat && task.tags.length === 0 && !task.notes) return null;
  return (
    <div className="mt-0.5 flex min-h-6 flex-wrap items-center gap-x-3 gap-y-0.5 text-[12.5px] [&_svg]:shrink-0">
      {task.due && today && (
        <Fact icon={<CalendarDays aria-hidden className="size-3.5" />} className={TONES[dueTone(task, now, today)]}>
          {dueName(task.due, today, locale, text)}
        </Fact>
      )}
      {task.repeat && <Fact icon={<Repeat2 aria-hidden className="size-3.5" />}>{repeatName(task.repeat, text)}</Fact>}
      {task.tags.map((tag) => (
        <button
          key={tag}
          type="button"
          onClick={() => onTag?.(tag)}
          className="inline-flex min-h-6 max-w-40 items-center gap-1 rounded text-faint hover:text-accent"
        >
          <Tag aria-hidden className="size-3 rtl:-scale-x-100" />
          <bdi className="truncate">{tag}</bdi>
        </button>
      ))}
      {task.notes && (
        <Fact icon={<NotebookText aria-hidden className="size-3.5" />}>
          <span className="sr-only">{text("task.notes")}</span>
        </Fact>
      )}
    </div>
  );
}
