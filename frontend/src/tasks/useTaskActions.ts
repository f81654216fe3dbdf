"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Reply } from "@/api/http";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import * as api from "@/api/tasks";
import type { Due, Task, TaskDraft, TaskPatch } from "@/api/types";
import type { MessageKey } from "@/i18n/en";
import { useText } from "@/i18n/language";
import { notify, notifyFailure } from "@/shell/notify";
import { announceChange } from "@/shell/tabs";
import { type Edit, foretell, prepending, removing, replacing, TASKS } from "./cache";
import { draftFrom, NO_CORRECTIONS } from "./marks";
import { remember, take } from "./undo";

const SETTLE_MS = 650;
let running = 0;

/** Everything a person can do to tasks: shown at once, taken back with the reason when the server refuses. */
export function useTaskActions() {
  const client = useQueryClient();
  const text = useText();
  return useMemo(() => {
    const settle = () => {
      announceChange();
      if (running === 0) return refresh(client, TASKS);
    };

    async function undo(token?: string) {
      const taken = take(token);
      if (!taken) return void notify(text("undo.nothing"));
      try {
        await api.undo(taken);
        notify(text("undo.done"));
      } catch (error) {
        notifyFailure(text("undo.failed", { reason: reasonOf(error, text) }));
      }
      await settle();
    }

    async function undoAll(undoTokens: string[]) {
      for (const token of undoTokens.toReversed()) await api.undo(take(token) ?? token).catch(() => undefined);
      notify(text("undo.done"));
      await settle();
    }

    function offerUndo(message: string, token: string | null) {
      if (token) remember(token);
      notify(message, token ? { action: { label: text("undo.action"), onClick: () => undo(token) } } : undefined);
    }

    async function act<T>(
      edit: Edit,
      request: () => Promise<Reply<T>>,
      done: string,
      pause = 0,
    ): Promise<Reply<T> | null> {
      running++;
      const takeBack = await foretell(client, edit);
      try {
        const reply = await request();
        offerUndo(done, reply.undoToken);
        return reply;
      } catch (error) {
        takeBack();
        notifyFailure(text("task.failed", { reason: reasonOf(error, text) }));
        return null;
      } finally {
        running--;
        setTimeout(settle, pause);
      }
    }

    /** The same act on many tasks; whatever succeeded can be undone as one, the rest says why. */
    async function actOnAll(edit: Edit, tasks: Task[], request: (task: Task) => Promise<Reply<unknown>>) {
      running++;
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
      running--;
      await settle();
    }

    const one = (task: Task, change: Partial<Task>) => replacing(new Set([task.id]), (old) => ({ ...old, ...change }));
    const said = (key: MessageKey, task: { title: string }) => text(key, { title: task.title });

    const ids = (tasks: Task[]) => new Set(tasks.map((task) => task.id));

    return {
      completeMany: (tasks: Task[]) =>
        actOnAll(
          replacing(ids(tasks), (task) => ({ ...task, done: true })),
          tasks,
          (task) => api.completeTask(task.id),
        ),
      rescheduleMany: (tasks: Task[], due: Due | null) =>
        actOnAll(
          replacing(ids(tasks), (task) => ({ ...task, due })),
          tasks,
          (task) => moveTo(task, due),
        ),
      removeMany: (tasks: Task[]) => actOnAll(removing(ids(tasks)), tasks, (task) => api.deleteTask(task.id)),
      undo,
      offerUndo,
      refresh: settle,
      add(draft: TaskDraft) {
        return act(prepending(draftTask(draft)), () => api.addTask(draft), said("task.added", draft));
      },
      /** Adds what a line means to the grammar, or the line itself when that cannot be asked. */
      async addLine(line: string) {
        const parsed = await api.parseTask(line).catch(() => null);
        return this.add(parsed ? draftFrom(line, parsed, NO_CORRECTIONS) : { title: line });
      },
      patch(task: Task, patch: TaskPatch) {
        const edit = one(task, patch as Partial<Task>);
        return act(edit, () => api.patchTask(task.id, patch, task.version), said("task.didChange", task));
      },
      setDone(task: Task, done: boolean) {
        const edit = one(task, { done, settling: true } as Partial<Task>);
        const request = () => (done ? api.completeTask(task.id) : api.reopenTask(task.id));
        return act(edit, request, said(done ? "task.didComplete" : "task.didReopen", task), SETTLE_MS);
      },
      reschedule(task: Task, due: Due | null) {
        return act(one(task, { due }), () => moveTo(task, due), said("task.didChange", task));
      },
      remove(task: Task) {
        return act(removing(new Set([task.id])), () => api.deleteTask(task.id), said("task.didDelete", task));
      },
    };
  }, [client, text]);
}

export type TaskActions = ReturnType<typeof useTaskActions>;

function moveTo(task: Task, due: Due | null): Promise<Reply<Task>> {
  return due ? api.rescheduleTask(task.id, due) : api.patchTask(task.id, { due });
}

/** A task as the page shows it before the server has given it an id. */
function draftTask(draft: TaskDraft): Task {
  const now = new Date().toISOString();
  return {
    id: `draft-${now}`,
    notes: "",
    priority: "none",
    tags: [],
    due: null,
    repeat: null,
    done: false,
    version: 0,
    created_at: now,
    updated_at: now,
    completed_at: null,
    deleted_at: null,
    urgency: { score: 0, reasons: [] },
    ...draft,
  };
}
