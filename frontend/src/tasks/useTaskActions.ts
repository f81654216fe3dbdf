"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { fewAtATime } from "@/api/few";
import type { Reply } from "@/api/http";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import * as api from "@/api/tasks";
import type { Due, Task, TaskDraft, TaskPatch } from "@/api/types";
import type { MessageKey } from "@/i18n/en";
import { useText } from "@/i18n/language";
import { notify, notifyFailure } from "@/shell/notify";
import { announceChange } from "@/shell/tabs";
import {
  beginChange,
  confirm,
  type Edit,
  foretell,
  isChanging,
  prepending,
  refreshAfterOwnChange,
  removing,
  replacing,
  TASKS,
} from "./cache";
import { draftTask } from "./draftTask";
import { draftFrom, NO_CORRECTIONS } from "./marks";
import { remember, take } from "./undo";

const SETTLE_MS = 650;

/** Everything a person can do to tasks: shown at once, taken back with the reason when the server refuses. */
export function useTaskActions() {
  const client = useQueryClient();
  const text = useText();
  return useMemo(() => {
    const settle = async () => {
      announceChange();
      if (!isChanging()) await refreshAfterOwnChange(client);
    };

    const refreshAll = () => {
      announceChange();
      return refresh(client, TASKS);
    };

    async function undo(token?: string) {
      const taken = take(token);
      if (taken.length === 0) return void notify(text("undo.nothing"));
      const outcomes = await fewAtATime(taken, api.undo);
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed) notifyFailure(text("undo.failed", { reason: reasonOf(failed.reason, text) }));
      else notify(text("undo.done"));
      await refreshAll();
    }

    /** Says what was done; all of the tokens are taken back together. */
    function offerUndo(message: string, ...tokens: string[]) {
      const [token, ...more] = tokens;
      if (token) remember(token, ...more);
      notify(message, token ? { action: { label: text("undo.action"), onClick: () => undo(token) } } : undefined);
    }

    /** `id` is the task's on the page, which for a new one is not yet the server's. */
    async function act(
      id: string,
      edit: Edit,
      request: () => Promise<Reply<Task | undefined>>,
      done: string,
      pause = 0,
    ) {
      const end = beginChange();
      const takeBack = await foretell(client, edit);
      let reply: Reply<Task | undefined> | null = null;
      try {
        reply = await request();
        offerUndo(done, ...(reply.undoToken ? [reply.undoToken] : []));
      } catch (error) {
        takeBack();
        notifyFailure(text("task.failed", { reason: reasonOf(error, text) }));
      }
      end();
      const made = reply?.data;
      setTimeout(() => {
        if (made)
          confirm(
            client,
            replacing(new Set([id]), () => made),
          );
        void settle();
      }, pause);
      return reply;
    }

    const one = (task: Task, change: Partial<Task>) => replacing(new Set([task.id]), (old) => ({ ...old, ...change }));
    const said = (key: MessageKey, task: { title: string }) => text(key, { title: task.title });

    return {
      undo,
      offerUndo,
      refresh: refreshAll,
      add(draft: TaskDraft) {
        const task = draftTask(draft);
        return act(task.id, prepending(task), () => api.addTask(draft), said("task.added", draft));
      },
      /** Adds what a line means to the grammar, or the line itself when that cannot be asked. */
      async addLine(line: string) {
        const parsed = await api.parseTask(line).catch(() => null);
        return this.add(parsed ? draftFrom(line, parsed, NO_CORRECTIONS) : { title: line });
      },
      patch(task: Task, patch: TaskPatch) {
        const edit = one(task, patch as Partial<Task>);
        return act(task.id, edit, () => api.patchTask(task.id, patch, task.version), said("task.didChange", task));
      },
      setDone(task: Task, done: boolean) {
        const edit = one(task, { done, settling: true } as Partial<Task>);
        const request = () => (done ? api.completeTask(task.id) : api.reopenTask(task.id));
        return act(task.id, edit, request, said(done ? "task.didComplete" : "task.didReopen", task), SETTLE_MS);
      },
      reschedule(task: Task, due: Due | null) {
        return act(task.id, one(task, { due }), () => moveTo(task, due), said("task.didChange", task));
      },
      remove(task: Task) {
        const edit = removing(new Set([task.id]));
        return act(task.id, edit, () => api.deleteTask(task.id), said("task.didDelete", task));
      },
    };
  }, [client, text]);
}

export type TaskActions = ReturnType<typeof useTaskActions>;

export function moveTo(task: Task, due: Due | null): Promise<Reply<Task>> {
  return due ? api.rescheduleTask(task.id, due) : api.patchTask(task.id, { due });
}
