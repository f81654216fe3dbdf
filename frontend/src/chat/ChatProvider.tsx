"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { settledPlans } from "./turn";
import { useTurns } from "./useTurns";

type Chat = ReturnType<typeof useTurns> & {
  /** Whether the panel is shown; on a wide page it stands beside the tasks, on a phone it covers them. */
  shown: boolean;
  show: (shown: boolean) => void;
  /** Plans that were answered by words instead of the buttons of their cards. */
  settled: ReadonlyMap<string, "confirmed" | "cancelled">;
};

const ChatContext = createContext<Chat | null>(null);

export function ChatProvider({ children }: { children: ReactNode }) {
  const turns = useTurns();
  const [shown, show] = useState(false);
  const { messages } = turns;
  const settled = useMemo(() => settledPlans(messages), [messages]);
  const value = useMemo(() => ({ ...turns, shown, show, settled }), [turns, shown, settled]);
  return <ChatContext value={value}>{children}</ChatContext>;
}

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("ChatProvider is missing");
  return chat;
}
