"use client";

import { useQueryClient } from "@tanstack/react-query";
import { fewAtATime } from "@/api/few";
import type { Reply } from "@/api/http";
import { reasonOf } from "@/api/problem";
import * as api from "@/api/tasks";
import type { Due, Task } from "@/api/types";
import { useText } from "@/i18n/language";
import { notifyFailure } from "@/shell/notify";
import { beginChange, type Edit, foretell, removing, replacing } from "./cache";
import { moveTo, useTaskActions } from "./useTaskActions";

const idsOf = (tasks: Task[]) => new Set(tasks.map((task) => task.id));

/** One act on many tasks; whatever succeeded can be undone as one, the rest says why. */
export function useManyActions() {
  const client = useQueryClient();
  const text = useText();
  const { offerUndo, refresh } = useTaskActions();

  async function actOnAll(edit: Edit, tasks: Task[], request: (task: Task) => Promise<Reply<unknown>>) {
    const end = beginChange();
    await foretell(client, edit);
    const outcomes = await fewAtATime(tasks, request);
    const replies = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (replies.length > 0) {
      const undoTokens = replies.flatMap((reply) => reply.undoToken ?? []);
      offerUndo(text("task.didMany", { n: replies.length }), ...undoTokens);
    }
    if (failed) notifyFailure(text("task.failed", { reason: reasonOf(failed.reason, text) }));
    end();
    await refresh();
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
