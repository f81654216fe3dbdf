"use client";

import { lazy, Suspense, useState } from "react";
import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { databaseName, engineName, type ServiceState, useMeta } from "./useMeta";

const StatusFacts = lazy(() => import("./StatusFacts"));

const LIGHT: Record<ServiceState, string> = {
  online: "bg-accent",
  stale: "bg-warn",
  waking: "animate-dot bg-warn",
  down: "bg-danger",
  offline: "bg-danger",
};

/** Who answers here: the engine and the database in one line, the rest behind it. */
export function StatusChip() {
  const text = useText();
  const { meta, state } = useMeta();
  const [open, setOpen] = useState(false);
  const words =
    state === "online" || state === "stale"
      ? meta
        ? `${engineName(meta, text)} · ${databaseName(meta)}`
        : "…"
      : text(`status.${state}`);
  return (
    <>
      <button
        type="button"
        popoverTarget="status"
        className="flex h-9 items-center gap-3 rounded-lg px-3 text-faint text-xs hover:bg-line/50"
      >
        <span aria-hidden className={classes("mx-[5px] size-2 shrink-0 rounded-full", LIGHT[state])} />
        <span role="status" aria-label={`${text("status.label")}: ${words}`} className="truncate">
          {words}
        </span>
      </button>
      <div
        id="status"
        popover="auto"
        onToggle={(event) => setOpen(event.newState === "open")}
        className="fixed inset-auto start-4 bottom-14 w-72 rounded-xl border border-line bg-raised p-4 text-ink text-sm shadow-pop"
      >
        <p className="mb-3 font-semibold">{text("status.label")}</p>
        <Suspense>{open && meta && <StatusFacts meta={meta} />}</Suspense>
      </div>
    </>
  );
}
