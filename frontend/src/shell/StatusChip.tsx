"use client";

import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { databaseName, engineName, type ServiceState, useMeta } from "./useMeta";

const LIGHT: Record<ServiceState, string> = {
  online: "bg-accent",
  stale: "bg-warn",
  waking: "animate-dot bg-warn",
  down: "bg-danger",
  offline: "bg-danger",
};

/** How what answers here is doing, as a light. */
export function StatusLight() {
  const { state } = useMeta();
  return <span aria-hidden className={classes("size-2 shrink-0 rounded-full", LIGHT[state])} />;
}

/** Who answers here, in one line: the engine, the database and the version, or what is wrong with them. */
export function StatusLine() {
  const text = useText();
  const { meta, state } = useMeta();
  const answers = state === "online" || state === "stale";
  const known = meta ? `${engineName(meta, text)} · ${databaseName(meta)} · ${meta.version}` : "…";
  const words = answers ? known : text(`status.${state}`);
  return (
    <span role="status" aria-label={`${text("status.label")}: ${words}`} className="block truncate">
      {words}
    </span>
  );
}

/** Both as a button; behind it is everything that is known. */
export function StatusChip() {
  return (
    <button
      type="button"
      popoverTarget="status"
      className="flex h-9 items-center gap-3 rounded-lg px-3 text-faint text-xs hover:bg-line/50"
    >
      <span className="grid w-[18px] place-items-center">
        <StatusLight />
      </span>
      <StatusLine />
    </button>
  );
}
