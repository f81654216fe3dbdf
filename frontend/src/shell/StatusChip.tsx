"use client";

import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { useMeta } from "./useMeta";

/** Who answers here, in one line: the engine and the database, or that nobody does. */
export function StatusChip() {
  const text = useText();
  const { meta, state } = useMeta();
  const engine = meta?.engine.kind === "rules" ? text("status.rules") : meta?.engine.model;
  const database = meta?.database.kind === "postgresql" ? "PostgreSQL" : "SQLite";
  const words =
    state === "online" && meta
      ? `${engine} · ${database}`
      : text(state === "down" ? "status.down" : state === "offline" ? "status.offline" : "status.online");
  return (
    <div
      role="status"
      aria-label={text("status.label")}
      className="flex h-8 items-center gap-2 rounded-lg px-3 text-faint text-xs"
    >
      <span className={classes("size-2 shrink-0 rounded-full", state === "online" ? "bg-accent" : "bg-danger")} />
      <span className="truncate">{words}</span>
    </div>
  );
}
