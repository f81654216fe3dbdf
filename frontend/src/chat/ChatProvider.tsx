"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useTurns } from "./useTurns";

type Chat = ReturnType<typeof useTurns> & {
  /** Whether the panel is shown; on a wide page it stands beside the tasks, on a phone it covers them. */
  shown: boolean;
  show: (shown: boolean) => void;
};

const ChatContext = createContext<Chat | null>(null);

export function ChatProvider({ children }: { children: ReactNode }) {
  const turns = useTurns();
  const [shown, show] = useState(false);
  const value = useMemo(() => ({ ...turns, shown, show }), [turns, shown]);
  return <ChatContext value={value}>{children}</ChatContext>;
}

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("ChatProvider is missing");
  return chat;
}
