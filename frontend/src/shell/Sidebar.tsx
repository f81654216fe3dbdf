"use client";

import { MessageCircle } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useChat } from "@/chat/ChatProvider";
import { useText } from "@/i18n/language";
import { pathOf } from "@/tasks/views";
import { classes } from "@/ui/classes";
import { Logo } from "./Logo";
import { PLACES } from "./places";
import { StatusChip } from "./StatusChip";

const ITEM = "flex h-9 items-center gap-3 rounded-lg px-3 text-sm transition-colors";

export function Sidebar() {
  const text = useText();
  const path = usePathname();
  const chat = useChat();
  return (
    <div className="flex w-56 shrink-0 flex-col px-2 py-3 max-md:hidden lg:w-60">
      <Link
        href="/"
        className="mb-5 flex items-center gap-2.5 rounded-lg px-2 font-semibold text-[17px] tracking-tight"
      >
        <Logo />
        {text("app.name")}
      </Link>
      <nav aria-label={text("nav.label")} className="flex flex-col gap-0.5">
        {PLACES.map(({ view, icon: Icon }) => {
          const here = path === pathOf(view);
          return (
            <Link
              key={view}
              href={pathOf(view)}
              aria-current={here ? "page" : undefined}
              className={classes(
                ITEM,
                here ? "bg-surface font-medium text-ink shadow-sheet" : "text-soft hover:bg-line/50 hover:text-ink",
              )}
            >
              <Icon aria-hidden className={classes("size-[18px]", here && "text-accent")} />
              {text(`view.${view}`)}
            </Link>
          );
        })}
        <button
          type="button"
          onClick={() => chat.show(true)}
          className={classes(ITEM, "text-soft hover:bg-line/50 hover:text-ink xl:hidden")}
        >
          <MessageCircle aria-hidden className="size-[18px]" />
          {text("nav.chat")}
        </button>
      </nav>
      <div className="mt-auto">
        <StatusChip />
      </div>
    </div>
  );
}
