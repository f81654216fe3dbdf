"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useChat } from "@/chat/ChatProvider";
import { useTaskActions } from "@/tasks/useTaskActions";
import { later } from "@/ui/later";
import { Offline } from "./Offline";
import { usePermission } from "./reminding";
import { useGlobalKeys } from "./useGlobalKeys";

const CommandPalette = later(async () => (await import("./CommandPalette")).default);
const Reminders = later(async () => (await import("./Reminders")).default);
const ShortcutsSheet = later(async () => (await import("./ShortcutsSheet")).default);

type Overlay = "commands" | "shortcuts" | null;
const OverlayContext = createContext<(overlay: Overlay) => void>(() => undefined);

export const useOverlay = () => useContext(OverlayContext);

function focus(selector: string) {
  document.querySelector<HTMLElement>(selector)?.focus();
}

/** What opens over every page: the command palette and the sheet of shortcuts, with the keys that open them. */
export function Overlays({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<Overlay>(null);
  const { show } = useChat();
  const { undo } = useTaskActions();
  const keys = useMemo(
    () => ({
      "mod+k": () => setOpen("commands"),
      "mod+z": () => void undo(),
      "?": () => setOpen("shortcuts"),
      n: () => focus("#quick-add"),
      q: () => focus("#quick-add"),
      "/": () => focus("#search"),
      c: () => {
        show(true);
        focus("#composer");
      },
      j: () => focus('#tasks input[type="checkbox"]'),
    }),
    [show, undo],
  );
  useGlobalKeys(keys);
  const reminding = usePermission() === "granted";

  return (
    <OverlayContext value={setOpen}>
      {children}
      <Offline />
      {open === "commands" && <CommandPalette onClose={() => setOpen(null)} />}
      {open === "shortcuts" && <ShortcutsSheet onClose={() => setOpen(null)} />}
      {reminding && <Reminders />}
    </OverlayContext>
  );
}
