"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { Reply } from "@/api/http";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import * as api from "@/api/tasks";
import type { Due, Task } from "@/api/types";
import { useText } from "@/i18n/language";
import { notify, notifyFailure } from "@/shell/notify";
import { announceChange } from "@/shell/tabs";
import { beginChange, type Edit, foretell, removing, replacing, TASKS } from "./cache";
import { remember, take } from "./undo";
import { moveTo } from "./useTaskActions";

const idsOf = (tasks: Task[]) => new Set(tasks.map((task) => task.id));

/** One act on many tasks; whatever succeeded can be undone as one, the rest says why. */
export function useManyActions() {
  const client = useQueryClient();
  const text = useText();

  async function undoAll(undoTokens: string[]) {
    for (const token of undoTokens.toReversed()) await api.undo(take(token) ?? token).catch(() => undefined);
    notify(text("undo.done"));
    await refresh(client, TASKS);
  }

  async function actOnAll(edit: Edit, tasks: Task[], request: (task: Task) => Promise<Reply<unknown>>) {
    const end = beginChange();
    await foretell(client, edit);
    const outcomes = await Promise.allSettled(tasks.map(request));
    const replies = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    const undoTokens = replies.flatMap((reply) => reply.undoToken ?? []);
    for (const token of undoTokens) remember(token);
    if (replies.length > 0) {
      notify(text("task.didMany", { n: replies.length }), {
        action: { label: text("undo.action"), onClick: () => undoAll(undoTokens) },
      });
    }
    if (failed) notifyFailure(text("task.failed", { reason: reasonOf(failed.reason, text) }));
    end();
    announceChange();
    await refresh(client, TASKS);
  }

  return {
    complete: (tasks: Task[]) =>
      actOnAll(
        replacing(idsOf(tasks), (task) => ({ ...task, done: true })),
        tasks,
        (task) => api.completeTask(task.id),
      ),
    reschedule: (tasks: Task[], due: Due | null) =>
      actOnAll(
        replacing(idsOf(tasks), (task) => ({ ...task, due })),
        tasks,
        (task) => moveTo(task, due),
      ),
    remove: (tasks: Task[]) => actOnAll(removing(idsOf(tasks)), tasks, (task) => api.deleteTask(task.id)),
  };
}
