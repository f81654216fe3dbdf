"use client";

import { CalendarDays } from "lucide-react";
import { memo } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import type { ListedTask } from "./cache";
import { DueMenu } from "./DueMenu";
import { TaskCheck } from "./TaskCheck";
import { TaskFacts } from "./TaskFacts";
import { TaskMenu } from "./TaskMenu";
import { TaskTitle } from "./TaskTitle";
import type { TaskActions } from "./useTaskActions";

export interface RowProps {
  actions: TaskActions;
  onOpen: (id: string) => void;
  onTag: (tag: string) => void;
  /** Picking tasks for one act on all of them; null when nobody is picking. */
  selected: ReadonlySet<string> | null;
  onSelect: (id: string) => void;
}

export const TaskRow = memo(function TaskRow({
  task,
  picked,
  ...props
}: Omit<RowProps, "selected"> & { task: ListedTask; picked: boolean | null }) {
  const text = useText();
  const { actions, onOpen, onTag, onSelect } = props;
  const draft = task.id.startsWith("draft-");
  return (
    <article
      aria-label={task.title}
      aria-busy={draft}
      className={classes(
        "group/row relative flex items-start gap-3 rounded-xl px-3 py-2.5 transition-colors",
        picked ? "bg-accent-soft" : "focus-within:bg-hover hover:bg-hover",
        draft && "opacity-60",
      )}
    >
      {picked === null ? (
        <div className="mt-[3px]">
          <TaskCheck task={task} onChange={(done) => actions.setDone(task, done)} />
        </div>
      ) : (
        <input
          type="checkbox"
          aria-label={text("task.select", { title: task.title })}
          checked={picked}
          onChange={() => onSelect(task.id)}
          className="mt-1 size-[18px] accent-(--accent)"
        />
      )}
      <div className="min-w-0 flex-1">
        <TaskTitle task={task} onSave={(title) => actions.patch(task, { title })} />
        <TaskFacts task={task} onTag={onTag} />
      </div>
      {!draft && picked === null && (
        <div className="-my-1 flex gap-0.5 transition-opacity focus-within:opacity-100 has-data-[state=open]:opacity-100 md:opacity-0 md:group-focus-within/row:opacity-100 md:group-hover/row:opacity-100">
          <div className="max-md:hidden">
            <DueMenu
              align="end"
              due={task.due}
              onChange={(due) => actions.reschedule(task, due)}
              trigger={
                <IconButton
                  label={`${text("due.reschedule")}: ${task.title}`}
                  icon={<CalendarDays aria-hidden className="size-4" />}
                />
              }
            />
          </div>
          <TaskMenu task={task} actions={actions} onOpen={() => onOpen(task.id)} />
        </div>
      )}
    </article>
  );
});
