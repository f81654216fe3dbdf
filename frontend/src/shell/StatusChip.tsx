"use client";

import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";
import { type ServiceState, useMeta } from "./useMeta";

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
  const engine = meta?.engine.kind === "rules" ? text("status.rules") : (meta?.engine.model ?? "");
  const database = meta?.database.kind === "postgresql" ? "PostgreSQL" : "SQLite";
  const facts: [string, string][] = meta
    ? [
        [text("status.engine"), engine],
        [text("status.database"), database],
        [text("status.version"), meta.version],
        [text("status.environment"), meta.environment],
        [text("status.source"), meta.source_digest],
      ]
    : [];
  const words =
    state === "online" || state === "stale" ? (meta ? `${engine} · ${database}` : "…") : text(`status.${state}`);
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
        className="fixed inset-auto start-4 bottom-14 w-72 rounded-xl border border-line bg-raised p-4 text-ink text-sm shadow-pop"
      >
        <p className="mb-3 font-semibold">{text("status.label")}</p>
        <dl className="flex flex-col gap-1.5">
          {facts.map(([name, value]) => (
            <div key={name} className="flex justify-between gap-4">
              <dt className="text-soft">{name}</dt>
              <dd className="truncate font-medium" dir="ltr">
                {value}
              </dd>
            </div>
          ))}
        </dl>
        {meta?.engine.kind === "rules" && <p className="mt-3 text-faint text-xs">{text("status.upgrade")}</p>}
      </div>
    </>
  );
}
