"use client";

import { useQuery } from "@tanstack/react-query";
import { readTask } from "@/api/tasks";
import { useText } from "@/i18n/language";
import { Dialog } from "@/ui/Dialog";
import { TASKS } from "./cache";
import { TaskForm } from "./TaskForm";
import type { TaskActions } from "./useTaskActions";

/** Everything about one task, reachable by its own address. */
export function TaskDialog({ id, actions, onClose }: { id: string; actions: TaskActions; onClose: () => void }) {
  const text = useText();
  const { data, isError } = useQuery({ queryKey: [...TASKS, "one", id], queryFn: () => readTask(id), retry: false });
  return (
    <Dialog title={text("task.edit")} onClose={onClose}>
      {isError ? (
        <p role="alert" className="p-6 text-soft text-sm">
          {text("task.missing")}
        </p>
      ) : data ? (
        <TaskForm task={data} actions={actions} onClose={onClose} />
      ) : (
        <p role="status" className="p-6 text-soft text-sm">
          {text("list.loading")}
        </p>
      )}
    </Dialog>
  );
}
