"use client";

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useDraft } from "@/ui/useDraft";
import { settledPlans, textOf } from "./message";
import { useTurns } from "./useTurns";

type Chat = ReturnType<typeof useTurns> & {
  /** Whether the panel is shown; on a wide page it stands beside the tasks, on a phone it covers them. */
  shown: boolean;
  show: (shown: boolean) => void;
  /** What is being written, and a way to put words there. */
  draft: string;
  setDraft: (words: string) => void;
  /** Puts what was said last back there, to be said better. */
  edit: () => void;
  /** Plans that were answered by words instead of the buttons of their cards. */
  settled: ReadonlyMap<string, "confirmed" | "cancelled">;
};

const ChatContext = createContext<Chat | null>(null);

export function ChatProvider({ children }: { children: ReactNode }) {
  const turns = useTurns();
  const [shown, show] = useState(false);
  const [draft, setDraft] = useDraft("chat", "composer");
  const { messages, lastSaid, setEditing } = turns;
  const edit = useCallback(() => {
    if (!lastSaid) return;
    setDraft(textOf(lastSaid));
    setEditing(true);
    document.querySelector<HTMLElement>("#composer")?.focus();
  }, [lastSaid, setDraft, setEditing]);
  const settled = useMemo(() => settledPlans(messages), [messages]);
  const value = useMemo(
    () => ({ ...turns, shown, show, settled, draft, setDraft, edit }),
    [turns, shown, settled, draft, setDraft, edit],
  );
  return <ChatContext value={value}>{children}</ChatContext>;
}

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("ChatProvider is missing");
  return chat;
}
