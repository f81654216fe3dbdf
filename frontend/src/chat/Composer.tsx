"use client";

import { ArrowUp, Square, X } from "lucide-react";
import { type FormEvent, useRef } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { useChat } from "./ChatProvider";
import { messageView } from "./MessageLog";
import { conversing } from "./useRunningTurn";

/** Enter sends, Shift+Enter starts a line, Escape stops the answer or leaves the last message as it was. */
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
    void (chat.editing ? chat.sayAgain(message) : chat.send(message));
    area.current?.focus();
  }

  function leaveAsItWas() {
    chat.setEditing(false);
    setDraft("");
    area.current?.focus();
  }

  return (
    <form onSubmit={submit} className="shrink-0 p-3 pt-0 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      {chat.editing && (
        <div className="flex items-center justify-between gap-2 pb-1.5 ps-3 text-soft text-xs">
          <p role="status">{text("chat.editing")}</p>
          <IconButton
            label={text("chat.leave")}
            icon={<X aria-hidden className="size-4" />}
            onClick={leaveAsItWas}
            className="size-7"
          />
        </div>
      )}
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
            if (event.key !== "Escape" || !(chat.running || chat.editing)) return;
            event.stopPropagation();
            if (chat.running) void chat.stop();
            else leaveAsItWas();
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
