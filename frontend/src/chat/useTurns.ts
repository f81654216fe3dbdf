"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { readConversation, stopTurn, streamTurn } from "@/api/chat";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import { useText } from "@/i18n/language";
import { announceChange } from "@/shell/tabs";
import { TASKS } from "@/tasks/cache";
import { remember } from "@/tasks/undo";
import { applyEvent, emptyAnswer, fromStored, type Message, textOf, userMessage } from "./turn";

const STOP_LIMIT_MS = 2_000;
export const CONVERSATIONS = ["conversations"] as const;

/** The conversation on the page and what can be done to it. */
export function useTurns() {
  const client = useQueryClient();
  const text = useText();
  const [messages, setMessages] = useState<Message[]>([]);
  const [conversationId, setConversationId] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const abort = useRef<AbortController | null>(null);
  const id = useRef<string | null>(null);
  const turnId = useRef<string | null>(null);
  const stopping = useRef(false);

  const update = useCallback((key: string, change: (message: Message) => Message) => {
    setMessages((all) => all.map((message) => (message.key === key ? change(message) : message)));
  }, []);

  const tasksChanged = useCallback(() => {
    announceChange();
    return refresh(client, TASKS);
  }, [client]);

  const moveTo = useCallback((next: string | null) => {
    id.current = next;
    setConversationId(next);
  }, []);

  const send = useCallback(
    async (message: string) => {
      if (abort.current) return;
      const controller = new AbortController();
      const stamp = String(Date.now());
      const key = `answer-${stamp}`;
      abort.current = controller;
      turnId.current = null;
      stopping.current = false;
      setRunning(true);
      setMessages((all) => [...all, userMessage(`said-${stamp}`, message), emptyAnswer(key)]);
      try {
        for await (const event of streamTurn(message, id.current, controller.signal)) {
          update(key, (answer) => applyEvent(answer, event));
          if (event.event === "start") {
            const start = JSON.parse(event.data) as { conversation_id: string; turn_id: string };
            turnId.current = start.turn_id;
            moveTo(start.conversation_id);
          }
          if (event.event === "tool_result") void tasksChanged();
          if (event.event === "done") rememberUndo(event.data);
        }
        const stopped = stopping.current;
        update(key, (answer) =>
          stopped
            ? { ...answer, state: "stopped" }
            : answer.state === "running"
              ? { ...answer, state: "lost" }
              : answer,
        );
      } catch (error) {
        const stopped = controller.signal.aborted;
        const started = (answer: Message) => answer.parts.length > 0 || answer.engine !== null;
        update(key, (answer) =>
          stopped
            ? { ...answer, state: "stopped" }
            : started(answer)
              ? { ...answer, state: "lost" }
              : { ...answer, state: "failed", failure: reasonOf(error, text) },
        );
      } finally {
        abort.current = null;
        setRunning(false);
        void tasksChanged();
        void refresh(client, CONVERSATIONS);
      }
    },
    [client, moveTo, tasksChanged, text, update],
  );

  /** Ends the turn on the server, which then says what it had done; does not wait for that for ever. */
  const stop = useCallback(() => {
    const controller = abort.current;
    if (!controller || stopping.current) return;
    stopping.current = true;
    if (!turnId.current) return controller.abort();
    stopTurn(turnId.current).catch(() => controller.abort());
    setTimeout(() => controller.abort(), STOP_LIMIT_MS);
  }, []);

  const start = useCallback(() => {
    stop();
    moveTo(null);
    setMessages([]);
  }, [moveTo, stop]);

  const open = useCallback(
    async (conversation: string) => {
      stop();
      const stored = await readConversation(conversation);
      moveTo(conversation);
      setMessages(stored.messages.map(fromStored));
    },
    [moveTo, stop],
  );

  const retry = useCallback(() => {
    const last = messages.findLast((message) => message.role === "user");
    if (last) void send(textOf(last));
  }, [messages, send]);

  const lastSaid = messages.findLast((message) => message.role === "user");

  return { messages, lastSaid, conversationId, running, send, stop, start, open, retry };
}

function rememberUndo(data: string): void {
  const token = (JSON.parse(data) as { undo_token?: string | null }).undo_token;
  if (token) remember(token);
}
