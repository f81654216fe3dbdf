"use client";

import { ArrowUp, Square } from "lucide-react";
import { type FormEvent, useRef } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { useChat } from "./ChatProvider";
import { messageView } from "./MessageLog";
import { conversing } from "./useRunningTurn";

/** Enter sends, Shift+Enter starts a line, Escape stops the answer. */
export function Composer() {
  const text = useText();
  const chat = useChat();
  const { draft, setDraft } = chat;
  const area = useRef<HTMLTextAreaElement>(null);

  function submit(event?: FormEvent) {
    event?.preventDefault();
    const message = draft.trim();
    if (!message || chat.running) return;
    setDraft("");
    void chat.send(message);
    area.current?.focus();
  }

  return (
    <form onSubmit={submit} className="shrink-0 p-3 pt-0 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      <div className="flex items-end gap-1 rounded-2xl border border-line-strong/50 bg-surface p-1.5 focus-within:border-accent">
        <textarea
          ref={area}
          id="composer"
          rows={1}
          dir={draft ? "auto" : undefined}
          maxLength={4000}
          aria-label={text("chat.placeholder")}
          placeholder={text("chat.placeholder")}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onFocus={() => void Promise.allSettled([messageView(), conversing()])}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
            if (event.key === "Escape" && chat.running) {
              event.stopPropagation();
              chat.stop();
            }
          }}
          className="field-sizing-content max-h-40 min-h-9 min-w-0 flex-1 resize-none bg-transparent px-2.5 py-1.5 text-[14.5px] leading-6 outline-none placeholder:text-faint"
        />
        {chat.running ? (
          <IconButton
            look="soft"
            label={text("chat.stop")}
            icon={<Square aria-hidden className="size-3.5 fill-current" />}
            onClick={chat.stop}
            className="size-9 rounded-xl"
          />
        ) : (
          <IconButton
            look="primary"
            type="submit"
            label={text("chat.send")}
            icon={<ArrowUp aria-hidden className="size-[18px]" />}
            disabled={!draft.trim()}
            className="size-9 rounded-xl"
          />
        )}
      </div>
    </form>
  );
}
