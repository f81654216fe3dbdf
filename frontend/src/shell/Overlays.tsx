"use client";

import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  startTransition,
  useCallback,
  useContext,
  useMemo,
  useState,
} from "react";
import { useChat } from "@/chat/ChatProvider";
import { useTaskActions } from "@/tasks/useTaskActions";
import { Offline } from "./Offline";
import { usePermission } from "./reminding";
import { useGlobalKeys } from "./useGlobalKeys";

const CommandPalette = lazy(() => import("./CommandPalette"));
const Reminders = lazy(() => import("./Reminders"));
const ShortcutsSheet = lazy(() => import("./ShortcutsSheet"));

type Overlay = "commands" | "shortcuts" | null;
const OverlayContext = createContext<(overlay: Overlay) => void>(() => undefined);

export const useOverlay = () => useContext(OverlayContext);

function focus(selector: string) {
  document.querySelector<HTMLElement>(selector)?.focus();
}

/** What opens over every page: the command palette and the sheet of shortcuts, with the keys that open them. */
export function Overlays({ children }: { children: ReactNode }) {
  const [open, setNow] = useState<Overlay>(null);
  // As a transition, so that React does not hold back what had to be loaded for 300 ms.
  const setOpen = useCallback((overlay: Overlay) => startTransition(() => setNow(overlay)), []);
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
    [setOpen, show, undo],
  );
  useGlobalKeys(keys);
  const reminding = usePermission() === "granted";

  return (
    <OverlayContext value={setOpen}>
      {children}
      <Offline />
      <Suspense>
        {open === "commands" && <CommandPalette onClose={() => setOpen(null)} />}
        {open === "shortcuts" && <ShortcutsSheet onClose={() => setOpen(null)} />}
        {reminding && <Reminders />}
      </Suspense>
    </OverlayContext>
  );
}
