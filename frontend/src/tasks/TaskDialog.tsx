"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { RequestFailed } from "@/api/http";
import { reasonOf } from "@/api/problem";
import { readTask } from "@/api/tasks";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TASKS } from "./cache";
import { TaskForm } from "./TaskForm";
import type { TaskActions } from "./useTaskActions";

/** Everything about one task, reachable by its own address. Whatever closes it keeps what was changed; Cancel does not. */
export function TaskDialog({ id, actions, onClose }: { id: string; actions: TaskActions; onClose: () => void }) {
  const text = useText();
  const form = useRef<HTMLFormElement>(null);
  const { data, error, refetch } = useQuery({
    queryKey: [...TASKS, "one", id],
    queryFn: () => readTask(id),
    retry: false,
  });
  const isGone = error instanceof RequestFailed && error.status === 404;
  return (
    <Dialog title={text("task.edit")} onClose={() => (form.current ? form.current.requestSubmit() : onClose())}>
      {data && !isGone ? (
        <TaskForm ref={form} task={data} actions={actions} onClose={onClose} />
      ) : error ? (
        <div role="alert" className="flex flex-col items-start gap-3 p-6 text-sm text-soft">
          <p className="first-letter:uppercase">{isGone ? text("task.missing") : reasonOf(error, text)}</p>
          {!isGone && <Button onClick={() => refetch()}>{text("list.retry")}</Button>}
        </div>
      ) : (
        <p role="status" className="p-6 text-soft text-sm">
          {text("list.loading")}
        </p>
      )}
    </Dialog>
  );
}
