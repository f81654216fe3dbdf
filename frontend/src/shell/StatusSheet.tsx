"use client";

import { useState } from "react";
import { useText } from "@/i18n/language";
import { later } from "@/ui/later";
import { useMeta } from "./useMeta";

const StatusFacts = later(async () => (await import("./StatusFacts")).default);

/** Everything that is known of what answers here, over the page: opened by the chip, or by the menu of a phone. */
export function StatusSheet() {
  const text = useText();
  const { meta } = useMeta();
  const [open, setOpen] = useState(false);
  return (
    <div
      id="status"
      popover="auto"
      tabIndex={-1}
      onToggle={(event) => setOpen(event.newState === "open")}
      className="fixed inset-auto start-4 bottom-20 w-72 max-w-[calc(100vw-2rem)] rounded-xl border border-line bg-raised p-4 text-ink text-sm shadow-pop md:bottom-14"
    >
      <p className="mb-3 font-semibold">{text("status.label")}</p>
      {open && meta && <StatusFacts meta={meta} />}
    </div>
  );
}

export function showStatus(): void {
  document.getElementById("status")?.showPopover();
}
