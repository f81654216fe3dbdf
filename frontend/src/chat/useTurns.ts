"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { emptyAnswer, type Message, textOf, userMessage } from "./message";
import { keepOpen, openConversation } from "./openConversation";
import { conversing, useRunningTurn } from "./useRunningTurn";

/** The conversation on the page and what can be done to it. */
export function useTurns() {
  const [messages, setMessages] = useState<Message[]>([]);
  const update = useCallback((key: string, change: (message: Message) => Message) => {
    setMessages((all) => all.map((message) => (message.key === key ? change(message) : message)));
  }, []);
  const { running, isBusy, follow, stop, drop } = useRunningTurn(update);

  const send = useCallback(
    async (message: string) => {
      if (isBusy()) return;
      const stamp = String(Date.now());
      const key = `answer-${stamp}`;
      setMessages((all) => [...all, userMessage(`said-${stamp}`, message), emptyAnswer(key)]);
      await follow(key, (lib, signal) => lib.streamTurn(message, openConversation(), signal));
    },
    [follow, isBusy],
  );

  const show = useCallback(
    (conversation: string | null, shown: Message[]) => {
      drop();
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
      show(conversation, stored.map(lib.fromStored));
      const last = stored.at(-1);
      // Its events know what is not kept with its words: whether it still goes on, its notices, its undo.
      if (last) void follow(last.id, (_, signal) => lib.followTurn(lib.turnOf(last), signal));
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
    if (lastSaid) void send(textOf(lastSaid));
  }, [lastSaid, send]);

  return { messages, lastSaid, running, send, stop, start, open, retry };
}
