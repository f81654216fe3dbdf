"use client";

import type { ReactNode } from "react";
import { ChatPanel } from "@/chat/ChatPanel";
import { useText } from "@/i18n/language";
import { Banner } from "./Banner";
import { BottomBar } from "./BottomBar";
import { Overlays } from "./Overlays";
import { Sidebar } from "./Sidebar";
import { StatusSheet } from "./StatusSheet";

/** The page's frame: views at the side, the tasks, and the chat beside them where there is room. */
export function Shell({ children }: { children: ReactNode }) {
  const text = useText();
  return (
    <Overlays>
      <div className="flex h-dvh overflow-hidden md:gap-2 md:p-2">
        <a
          href="#main"
          className="fixed start-3 top-3 z-50 -translate-y-16 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
        >
          {text("app.skip")}
        </a>
        <Sidebar />
        <main
          id="main"
          tabIndex={-1}
          className="flex min-w-0 flex-1 flex-col overflow-hidden bg-surface outline-none md:rounded-2xl md:shadow-sheet"
        >
          <Banner />
          <div className="min-h-0 flex-1">{children}</div>
        </main>
        <ChatPanel />
        <BottomBar />
        <StatusSheet />
      </div>
    </Overlays>
  );
}
