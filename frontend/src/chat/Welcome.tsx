"use client";

import { ArrowUpRight, MessageCircle } from "lucide-react";
import { useText } from "@/i18n/language";
import { useChat } from "./ChatProvider";

const EXAMPLES = ["chat.try.1", "chat.try.2", "chat.try.3"] as const;

export function Welcome() {
  const text = useText();
  const { send } = useChat();
  return (
    <div className="flex h-full flex-col justify-end gap-4 pb-2">
      <div className="grid size-11 place-items-center rounded-2xl bg-accent-soft text-accent">
        <MessageCircle aria-hidden className="size-5" />
      </div>
      <div>
        <h3 className="font-semibold text-lg tracking-tight">{text("chat.welcome")}</h3>
        <p className="mt-1 text-pretty text-sm text-soft">{text("chat.welcomeText")}</p>
      </div>
      <div className="flex flex-col gap-2">
        {EXAMPLES.map((key) => (
          <button
            key={key}
            type="button"
            onClick={() => send(text(key))}
            className="group flex items-center justify-between rounded-xl border border-line px-3.5 py-2.5 text-start text-sm transition-colors hover:border-accent hover:bg-accent-soft"
          >
            {text(key)}
            <ArrowUpRight aria-hidden className="size-4 text-faint group-hover:text-accent rtl:-scale-x-100" />
          </button>
        ))}
      </div>
    </div>
  );
}
