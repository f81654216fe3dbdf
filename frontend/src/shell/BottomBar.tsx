"use client";

import { CalendarClock, CircleCheckBig, Inbox, type LucideIcon, MessageCircle, Sun } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useChat } from "@/chat/ChatProvider";
import { useText } from "@/i18n/language";
import { pathOf, type View } from "@/tasks/views";
import { classes } from "@/ui/classes";

const TABS: { view: View; icon: LucideIcon }[] = [
  { view: "all", icon: Inbox },
  { view: "today", icon: Sun },
  { view: "upcoming", icon: CalendarClock },
  { view: "done", icon: CircleCheckBig },
];

const TAB = "flex min-w-0 flex-1 flex-col items-center gap-0.5 py-2 text-[11px] font-medium";

/** The views of a phone, in reach of a thumb. */
export function BottomBar() {
  const text = useText();
  const path = usePathname();
  const chat = useChat();
  return (
    <nav
      aria-label={text("nav.label")}
      className="fixed inset-x-0 bottom-0 z-20 flex border-line border-t bg-surface/95 px-1 pb-[env(safe-area-inset-bottom)] backdrop-blur md:hidden"
    >
      {TABS.map(({ view, icon: Icon }) => {
        const here = path === pathOf(view);
        return (
          <Link
            key={view}
            href={pathOf(view)}
            aria-current={here ? "page" : undefined}
            className={classes(TAB, here ? "text-accent" : "text-faint")}
          >
            <Icon aria-hidden className="size-[22px]" />
            <span className="max-w-full truncate">{text(`view.${view}`)}</span>
          </Link>
        );
      })}
      <button type="button" onClick={() => chat.show(true)} className={classes(TAB, "text-faint")}>
        <MessageCircle aria-hidden className="size-[22px]" />
        {text("nav.chat")}
      </button>
    </nav>
  );
}
