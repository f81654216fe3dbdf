"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { toast } from "sonner";
import type { Reply } from "@/api/http";
import { reasonOf } from "@/api/problem";
import * as api from "@/api/tasks";
import type { Due, Task, TaskDraft, TaskPatch } from "@/api/types";
import type { MessageKey } from "@/i18n/en";
import { useText } from "@/i18n/language";
import { announceChange } from "@/shell/tabs";
import { type Edit, foretell, prepending, removing, replacing, TASKS } from "./cache";
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
      if (running === 0) return client.invalidateQueries({ queryKey: TASKS });
    };

    async function undo(token?: string) {
      const taken = take(token);
      if (!taken) return void toast(text("undo.nothing"));
      try {
        await api.undo(taken);
        toast(text("undo.done"));
      } catch (error) {
        toast.error(text("undo.failed", { reason: reasonOf(error, text) }));
      }
      await settle();
    }

    function offerUndo(message: string, token: string | null) {
      if (token) remember(token);
      toast(message, token ? { action: { label: text("undo.action"), onClick: () => undo(token) } } : undefined);
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
        toast.error(text("task.failed", { reason: reasonOf(error, text) }));
        return null;
      } finally {
        running--;
        setTimeout(settle, pause);
      }
    }

    const one = (task: Task, change: Partial<Task>) => replacing(new Set([task.id]), (old) => ({ ...old, ...change }));
    const said = (key: MessageKey, task: { title: string }) => text(key, { title: task.title });

    return {
      undo,
      offerUndo,
      refresh: settle,
      add(draft: TaskDraft) {
        return act(prepending(draftTask(draft)), () => api.addTask(draft), said("task.added", draft));
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
        return act(one(task, { due }), () => api.rescheduleTask(task.id, due), said("task.didChange", task));
      },
      remove(task: Task) {
        return act(removing(new Set([task.id])), () => api.deleteTask(task.id), said("task.didDelete", task));
      },
    };
  }, [client, text]);
}

export type TaskActions = ReturnType<typeof useTaskActions>;

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
