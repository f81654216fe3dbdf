"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import type { ServerEvent } from "@/api/sse";
import { useText } from "@/i18n/language";
import { announceChange } from "@/shell/tabs";
import { TASKS } from "@/tasks/cache";
import { remember } from "@/tasks/undo";
import type { Message } from "./message";
import { keepOpen } from "./openConversation";

const STOP_LIMIT_MS = 2_000;
export const CONVERSATIONS = ["conversations"] as const;

/** What a conversation needs once it begins. */
export const conversing = () => import("./conversing");
type Conversing = Awaited<ReturnType<typeof conversing>>;
type Begin = (lib: Conversing, signal: AbortSignal) => AsyncGenerator<ServerEvent>;

interface Running {
  controller: AbortController;
  turnId: string | null;
  stopping: boolean;
}

/** The turn that is being answered, at most one: its events change the message `key` by `update`. */
export function useRunningTurn(update: (key: string, change: (message: Message) => Message) => void) {
  const client = useQueryClient();
  const text = useText();
  const [running, setRunning] = useState(false);
  const current = useRef<Running | null>(null);

  const tasksChanged = useCallback(() => {
    announceChange();
    return refresh(client, TASKS);
  }, [client]);

  const follow = useCallback(
    async (key: string, begin: Begin) => {
      const turn: Running = { controller: new AbortController(), turnId: null, stopping: false };
      current.current = turn;
      setRunning(true);
      const isShown = () => current.current === turn;
      const change = (next: (answer: Message) => Message) => isShown() && update(key, next);
      try {
        const lib = await conversing();
        for await (const event of begin(lib, turn.controller.signal)) {
          if (event.event === "tool_result") void tasksChanged();
          if (!isShown()) continue;
          change((answer) => lib.applyEvent(answer, event));
          if (event.event === "start") {
            const start = JSON.parse(event.data) as { conversation_id: string; turn_id: string };
            turn.turnId = start.turn_id;
            keepOpen(start.conversation_id);
          }
          if (event.event === "done") rememberUndo(event.data);
        }
        change((answer) => {
          if (turn.stopping) return { ...answer, state: "stopped" };
          return answer.state === "running" ? { ...answer, state: "lost" } : answer;
        });
      } catch (error) {
        change((answer) => {
          if (turn.controller.signal.aborted) return { ...answer, state: "stopped" };
          const begun = answer.parts.length > 0 || answer.engine !== null;
          return begun ? { ...answer, state: "lost" } : { ...answer, state: "failed", failure: reasonOf(error, text) };
        });
      } finally {
        if (isShown()) {
          current.current = null;
          setRunning(false);
        }
        void tasksChanged();
        void refresh(client, CONVERSATIONS);
      }
    },
    [client, tasksChanged, text, update],
  );

  /** Ends the turn on the server, which then says what it had done; does not wait for that for ever. */
  const stop = useCallback(async () => {
    const turn = current.current;
    if (!turn || turn.stopping) return;
    turn.stopping = true;
    if (!turn.turnId) return turn.controller.abort();
    setTimeout(() => turn.controller.abort(), STOP_LIMIT_MS);
    const { stopTurn } = await conversing();
    await stopTurn(turn.turnId).catch(() => turn.controller.abort());
  }, []);

  /** Ends it, and shows no more of it. */
  const drop = useCallback(() => {
    void stop();
    current.current = null;
    setRunning(false);
  }, [stop]);

  const isBusy = useCallback(() => current.current !== null, []);

  return { running, isBusy, follow, stop, drop };
}

function rememberUndo(data: string): void {
  const token = (JSON.parse(data) as { undo_token?: string | null }).undo_token;
  if (token) remember(token);
}
