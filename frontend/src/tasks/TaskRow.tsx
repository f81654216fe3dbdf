"use client";

import { CalendarDays, Trash2 } from "lucide-react";
import { memo } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import type { ListedTask } from "./cache";
import { TaskCheck } from "./TaskCheck";
import { TaskFacts } from "./TaskFacts";
import { TaskTitle } from "./TaskTitle";
import type { TaskActions } from "./useTaskActions";

interface TaskRowProps {
  task: ListedTask;
  actions: TaskActions;
  onOpen: (id: string) => void;
  onTag: (tag: string) => void;
}

export const TaskRow = memo(function TaskRow({ task, actions, onOpen, onTag }: TaskRowProps) {
  const text = useText();
  const draft = task.id.startsWith("draft-");
  return (
    <article
      aria-label={task.title}
      aria-busy={draft}
      className={classes(
        "group/row relative flex items-start gap-3 rounded-xl px-3 py-2.5 transition-colors hover:bg-hover focus-within:bg-hover",
        draft && "opacity-60",
      )}
    >
      <div className="mt-[1px]">
        <TaskCheck task={task} onChange={(done) => actions.setDone(task, done)} />
      </div>
      <div className="min-w-0 flex-1">
        <TaskTitle task={task} onSave={(title) => actions.patch(task, { title })} />
        <TaskFacts task={task} onTag={onTag} />
      </div>
      <div className="flex gap-0.5 opacity-0 transition-opacity focus-within:opacity-100 group-hover/row:opacity-100 max-md:hidden">
        <IconButton
          label={text("task.open", { title: task.title })}
          icon={<CalendarDays aria-hidden className="size-4" />}
          onClick={() => onOpen(task.id)}
        />
        <IconButton
          label={`${text("task.delete")}: ${task.title}`}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={() => actions.remove(task)}
        />
      </div>
    </article>
  );
});
