"use client";

import { CalendarDays } from "lucide-react";
import { useLocale, useText } from "@/i18n/language";
import type { ListedTask } from "@/tasks/cache";
import { DueMenu } from "@/tasks/DueMenu";
import { timeName } from "@/tasks/due";
import { TaskCheck } from "@/tasks/TaskCheck";
import type { TaskActions } from "@/tasks/useTaskActions";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";

interface WeekCardProps {
  task: ListedTask;
  actions: TaskActions;
  onOpen: () => void;
}

export function WeekCard({ task, actions, onOpen }: WeekCardProps) {
  const text = useText();
  const locale = useLocale();
  return (
    <article
      aria-label={task.title}
      className="group/card relative flex items-start gap-2 rounded-lg border border-line bg-surface p-2 shadow-xs transition-shadow hover:shadow-sheet"
    >
      <TaskCheck task={task} onChange={(done) => actions.setDone(task, done)} />
      <div className="min-w-0 flex-1 pb-0.5">
        <button
          type="button"
          onClick={onOpen}
          aria-label={text("task.open", { title: task.title })}
          className={classes(
            "line-clamp-3 w-full break-words rounded text-start text-[13px] leading-[1.35]",
            task.done && "text-faint line-through",
          )}
        >
          <bdi>{task.title}</bdi>
        </button>
        {task.due?.time && (
          <p className="mt-1 text-faint text-xs">
            <bdi>{timeName(task.due.time, locale)}</bdi>
          </p>
        )}
      </div>
      <div className="-my-2 flex md:absolute md:end-1 md:bottom-1 md:my-0">
        <DueMenu
          align="end"
          due={task.due}
          onChange={(due) => actions.reschedule(task, due)}
          trigger={
            <IconButton
              label={`${text("due.reschedule")}: ${task.title}`}
              icon={<CalendarDays aria-hidden className="size-3.5" />}
              className="size-6 bg-surface focus-visible:opacity-100 group-focus-within/card:opacity-100 group-hover/card:opacity-100 md:opacity-0"
            />
          }
        />
      </div>
    </article>
  );
}
