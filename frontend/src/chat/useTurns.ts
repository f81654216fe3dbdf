"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useText } from "@/i18n/language";
import { useTaskActions } from "@/tasks/useTaskActions";
import { emptyAnswer, type Message, textOf, userMessage } from "./message";
import { keepOpen, openConversation } from "./openConversation";
import { conversing, useRunningTurn } from "./useRunningTurn";

/** The conversation on the page and what can be done to it. */
export function useTurns() {
  const text = useText();
  const { offerUndo } = useTaskActions();
  const [editing, setEditing] = useState(false);
  const [messages, setMessages] = useState<Message[]>([]);
  const update = useCallback((key: string, change: (message: Message) => Message) => {
    setMessages((all) => all.map((message) => (message.key === key ? change(message) : message)));
  }, []);
  const { running, isBusy, follow, stop, drop } = useRunningTurn(update);

  const say = useCallback(
    async (before: Message[], words: string, replaces: string | null = null) => {
      if (isBusy()) return;
      const stamp = String(Date.now());
      const key = `answer-${stamp}`;
      setEditing(false);
      setMessages([...before, userMessage(`said-${stamp}`, words), emptyAnswer(key, replaces)]);
      await follow(key, (lib, signal) => lib.streamTurn(words, openConversation(), replaces, signal));
    },
    [follow, isBusy],
  );
  const send = useCallback((words: string) => say(messages, words), [say, messages]);

  /** Says it in the place of what was said last. What that has changed stays, and can still be undone. */
  const sayAgain = useCallback(
    (words: string) => {
      const place = messages.findLastIndex((message) => message.role === "user");
      const answer = messages.at(-1);
      if (answer?.undoToken) offerUndo(text("chat.replaced"), answer.undoToken);
      return say(messages.slice(0, place), words, answer?.turnId);
    },
    [say, messages, offerUndo, text],
  );

  const show = useCallback(
    (conversation: string | null, shown: Message[]) => {
      drop();
      setEditing(false);
      keepOpen(conversation);
      setMessages(shown);
    },
    [drop],
  );
  const start = useCallback(() => show(null, []), [show]);

  const open = useCallback(
    async (conversation: string) => {
      const lib = await conversing();
      const { messages: stored } = await lib.readConversation(conversation);
      const kept = stored.map(lib.fromStored);
      show(conversation, kept);
      const { key, turnId } = kept.at(-1) ?? {};
      // Its events know what is not kept with its words: whether it still goes on, its notices, its undo.
      if (key && turnId) void follow(key, (_, signal) => lib.followTurn(turnId, signal));
    },
    [follow, show],
  );

  // A page that is loaded again goes on where it was.
  const restored = useRef(false);
  useEffect(() => {
    const kept = openConversation();
    if (restored.current || !kept) return;
    restored.current = true;
    open(kept).catch(() => keepOpen(null));
  }, [open]);

  const lastSaid = messages.findLast((message) => message.role === "user");
  const retry = useCallback(() => {
    if (lastSaid) void sayAgain(textOf(lastSaid));
  }, [lastSaid, sayAgain]);

  return { messages, lastSaid, running, editing, setEditing, send, sayAgain, stop, start, open, retry };
}
