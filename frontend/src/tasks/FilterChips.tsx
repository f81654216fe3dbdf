"use client";

import { X } from "lucide-react";
import { useText } from "@/i18n/language";
import type { Filters } from "./views";

/** The filters that are on, each with its way out. */
export function FilterChips({ filters, onFilter }: { filters: Filters; onFilter: (change: Partial<Filters>) => void }) {
  const text = useText();
  const chips: { name: string; off: Partial<Filters> }[] = [];
  if (filters.tag) chips.push({ name: `#${filters.tag}`, off: { tag: "" } });
  if (filters.priority) chips.push({ name: text(`priority.${filters.priority}`), off: { priority: "" } });
  if (filters.status) chips.push({ name: text(`filter.status.${filters.status}`), off: { status: "" } });
  if (chips.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5 px-3">
      {chips.map(({ name, off }) => (
        <li key={name}>
          <button
            type="button"
            aria-label={text("filter.remove", { what: name })}
            onClick={() => onFilter(off)}
            className="inline-flex h-7 items-center gap-1.5 rounded-lg bg-accent-soft px-2.5 font-medium text-accent text-xs hover:brightness-97"
          >
            {name}
            <X aria-hidden className="size-3" />
          </button>
        </li>
      ))}
    </ul>
  );
}
