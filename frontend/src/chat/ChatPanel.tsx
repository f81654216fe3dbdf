"use client";

import { SquarePen, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { useChat } from "./ChatProvider";
import { Composer } from "./Composer";
import { Conversations } from "./Conversations";
import { MessageLog } from "./MessageLog";

/** The chat: a column of a wide page, a sheet over a narrow one. */
export function ChatPanel() {
  const text = useText();
  const chat = useChat();
  const panel = useRef<HTMLElement>(null);
  const { shown, show } = chat;

  useEffect(() => {
    if (shown) panel.current?.querySelector("textarea")?.focus();
  }, [shown]);

  return (
    <section
      ref={panel}
      aria-label={text("chat.label")}
      onKeyDown={(event) => {
        if (event.key === "Escape" && shown && !chat.running) show(false);
      }}
      className={classes(
        "flex-col bg-surface xl:static xl:z-auto xl:flex xl:w-[392px] xl:shrink-0 xl:rounded-2xl xl:shadow-sheet",
        shown
          ? "fixed inset-0 z-30 flex animate-rise md:inset-y-2 md:start-auto md:end-2 md:w-[420px] md:rounded-2xl md:shadow-pop"
          : "hidden",
      )}
    >
      <header className="flex h-14 shrink-0 items-center gap-1 border-line border-b ps-5 pe-3">
        <h2 className="flex-1 truncate font-semibold text-[15px]">{text("chat.label")}</h2>
        <Conversations />
        <IconButton
          label={text("chat.new")}
          icon={<SquarePen aria-hidden className="size-[18px]" />}
          onClick={chat.start}
        />
        <IconButton
          label={text("chat.close")}
          icon={<X aria-hidden className="size-[18px]" />}
          onClick={() => show(false)}
          className="xl:hidden"
        />
      </header>
      <MessageLog />
      <Composer />
    </section>
  );
}
