"use client";

import { CalendarDays, CheckCheck, CircleCheck, Trash2, X } from "lucide-react";
import type { Task } from "@/api/types";
import { useText } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { DueMenu } from "./DueMenu";
import { useManyActions } from "./useManyActions";

interface SelectionBarProps {
  tasks: Task[];
  /** How many the list holds so far, when there are more of them. */
  loaded: number | null;
  onAll: () => void;
  onStop: () => void;
}

/** One act on all picked tasks, which can be undone as one. */
export function SelectionBar({ tasks, loaded, onAll, onStop }: SelectionBarProps) {
  const text = useText();
  const all = loaded === null ? text("select.all") : text("select.loaded", { n: loaded });
  const many = useManyActions();
  const none = tasks.length === 0;
  function act(promise: Promise<unknown>) {
    onStop();
    return promise;
  }
  return (
    <div
      role="toolbar"
      aria-label={text("select.start")}
      className="sticky bottom-20 z-10 mx-auto mt-4 flex w-fit max-w-full animate-rise items-center gap-1 rounded-2xl border border-line bg-raised p-1.5 shadow-pop md:bottom-6"
    >
      <span role="status" className="px-3 font-medium text-sm tabular-nums">
        {text("select.count", { n: tasks.length })}
      </span>
      <Button look="ghost" aria-label={all} title={all} onClick={onAll} className="max-sm:px-2">
        <CheckCheck aria-hidden className="size-[18px] sm:hidden" />
        <span className="max-sm:hidden">{all}</span>
      </Button>
      <IconButton
        disabled={none}
        label={text("select.complete")}
        icon={<CircleCheck aria-hidden className="size-[18px]" />}
        onClick={() => act(many.complete(tasks))}
        className="size-9"
      />
      <DueMenu
        due={null}
        onChange={(due) => act(many.reschedule(tasks, due))}
        trigger={
          <IconButton
            disabled={none}
            label={text("due.reschedule")}
            icon={<CalendarDays aria-hidden className="size-[18px]" />}
            className="size-9"
          />
        }
      />
      <IconButton
        disabled={none}
        label={text("select.delete")}
        icon={<Trash2 aria-hidden className="size-[18px]" />}
        onClick={() => act(many.remove(tasks))}
        className="size-9"
      />
      <IconButton
        label={text("select.stop")}
        icon={<X aria-hidden className="size-[18px]" />}
        onClick={onStop}
        className="size-9"
      />
    </div>
  );
}
