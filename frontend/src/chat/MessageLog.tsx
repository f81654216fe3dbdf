"use client";

import { useEffect, useRef } from "react";
import { useText } from "@/i18n/language";
import { useLater } from "@/ui/useLater";
import { useChat } from "./ChatProvider";
import { Welcome } from "./Welcome";

export const messageView = () => import("./MessageView");

/** The conversation; it follows the answer unless the person has scrolled up to read. */
export function MessageLog() {
  const text = useText();
  const { messages } = useChat();
  const MessageView = useLater(messageView, messages.length > 0)?.default;
  const log = useRef<HTMLDivElement>(null);
  const follow = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the messages may have made the log longer
  useEffect(() => {
    if (follow.current && log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [messages, MessageView]);

  return (
    <div
      ref={log}
      role="log"
      aria-label={text("chat.log")}
      aria-live="polite"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: box }) => {
        follow.current = box.scrollHeight - box.scrollTop - box.clientHeight < 48;
      }}
      className="min-h-0 flex-1 overflow-y-auto px-5 py-4 -outline-offset-2"
    >
      {messages.length === 0 ? (
        <Welcome />
      ) : (
        MessageView && messages.map((message) => <MessageView key={message.key} message={message} />)
      )}
    </div>
  );
}
