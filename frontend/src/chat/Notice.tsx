"use client";

import { Info } from "lucide-react";
import { useLocale, useText } from "@/i18n/language";
import { timeName } from "@/tasks/due";
import type { Part } from "./message";

// Settled plans say so on their own card; that the person pressed "Stop" need not be told twice.
const SILENT = new Set(["plan_confirmed", "plan_cancelled", "stopped"]);

// Why the built-in rules answered instead of the model.
const FALLBACKS = [
  "unauthorized",
  "rate_limited",
  "unavailable",
  "timeout",
  "malformed",
  "unknown_tool",
  "cut",
] as const;

/** Something about an answer that is not part of it, as that the rules had to give it. */
export function Notice({ code, text: said, retryAt }: Extract<Part, { kind: "notice" }>) {
  const text = useText();
  const locale = useLocale();
  if (SILENT.has(code)) return null;
  const fallback = FALLBACKS.find((known) => known === code);
  return (
    <p className="flex items-start gap-2 rounded-lg bg-warn-soft px-3 py-2 text-warn text-xs leading-5">
      <Info aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {fallback ? text("chat.fallback", { reason: text(`fallback.${fallback}`) }) : said}
        {fallback && retryAt && ` ${text("chat.fallbackUntil", { time: timeName(retryAt.slice(11, 16), locale) })}`}
      </span>
    </p>
  );
}
