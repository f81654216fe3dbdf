"use client";

import { Ellipsis, MessageCircle, Settings } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useChat } from "@/chat/ChatProvider";
import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { Go } from "./Go";
import { PLACES } from "./places";
import { StatusLight, StatusLine } from "./StatusChip";
import { showStatus } from "./StatusSheet";

const TAB = "flex min-w-0 flex-1 flex-col items-center gap-0.5 py-2 text-[11px] font-medium";

/** The views of a phone, in reach of a thumb. */
export function BottomBar() {
  const text = useText();
  const path = usePathname();
  const router = useRouter();
  const chat = useChat();
  return (
    <nav
      aria-label={text("nav.label")}
      className="fixed inset-x-0 bottom-0 z-20 flex border-line border-t bg-surface/95 px-1 pb-[env(safe-area-inset-bottom)] backdrop-blur md:hidden"
    >
      {PLACES.slice(0, 3).map((place) => (
        <Go
          key={place.path}
          href={place.path}
          aria-current={path === place.path ? "page" : undefined}
          className={classes(TAB, path === place.path ? "text-accent" : "text-faint")}
        >
          <place.icon aria-hidden className="size-[22px]" />
          <span className="max-w-full truncate">{text(place.name)}</span>
        </Go>
      ))}
      <button type="button" onClick={() => chat.show(true)} className={classes(TAB, "text-faint")}>
        <MessageCircle aria-hidden className="size-[22px]" />
        {text("nav.chat")}
      </button>
      <Menu
        align="end"
        trigger={
          <button type="button" className={classes(TAB, "text-faint")}>
            <Ellipsis aria-hidden className="size-[22px]" />
            {text("nav.more")}
          </button>
        }
      >
        {[...PLACES.slice(3), { path: "/settings", name: "nav.settings" as const, icon: Settings }].map((place) => (
          <MenuItem
            key={place.path}
            icon={<place.icon aria-hidden className="size-4" />}
            onSelect={() => router.push(place.path)}
          >
            {text(place.name)}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem icon={<StatusLight />} onSelect={showStatus}>
          <StatusLine />
        </MenuItem>
      </Menu>
    </nav>
  );
}
