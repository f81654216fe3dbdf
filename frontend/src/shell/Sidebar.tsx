"use client";

import { Command, MessageCircle, Settings } from "lucide-react";
import { usePathname } from "next/navigation";
import { useChat } from "@/chat/ChatProvider";
import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Kbd } from "@/ui/Kbd";
import { Go } from "./Go";
import { Logo } from "./Logo";
import { useOverlay } from "./Overlays";
import { PLACES, type Place } from "./places";
import { StatusChip } from "./StatusChip";

const ITEM = "flex h-9 w-full items-center gap-3 rounded-lg px-3 text-sm transition-colors";
const REST = "text-soft hover:bg-line/50 hover:text-ink";

function PlaceLink({ path, name, icon: Icon }: Place) {
  const text = useText();
  const here = usePathname() === path;
  return (
    <Go
      href={path}
      aria-current={here ? "page" : undefined}
      className={classes(ITEM, here ? "bg-surface font-medium text-ink shadow-sheet" : REST)}
    >
      <Icon aria-hidden className={classes("size-[18px]", here && "text-accent")} />
      {text(name)}
    </Go>
  );
}

export function Sidebar() {
  const text = useText();
  const chat = useChat();
  const overlay = useOverlay();
  return (
    <header className="flex w-56 shrink-0 flex-col px-2 py-3 max-md:hidden lg:w-60">
      <Go href="/" className="mb-5 flex items-center gap-2.5 rounded-lg px-2 font-semibold text-[17px] tracking-tight">
        <Logo />
        {text("app.name")}
      </Go>
      <nav aria-label={text("nav.label")} className="flex flex-col gap-0.5">
        {PLACES.map((place) => (
          <PlaceLink key={place.path} {...place} />
        ))}
        <button type="button" onClick={() => chat.show(true)} className={classes(ITEM, REST, "xl:hidden")}>
          <MessageCircle aria-hidden className="size-[18px]" />
          {text("nav.chat")}
        </button>
      </nav>
      <div className="mt-auto flex flex-col gap-0.5">
        <button type="button" onClick={() => overlay("commands")} className={classes(ITEM, REST)}>
          <Command aria-hidden className="size-[18px]" />
          <span className="flex-1 text-start">{text("nav.commands")}</span>
          <Kbd>Ctrl K</Kbd>
        </button>
        <PlaceLink path="/settings" name="nav.settings" icon={Settings} />
        <StatusChip />
      </div>
    </header>
  );
}
