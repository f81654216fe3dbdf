"use client";

import { Flag } from "lucide-react";
import { useMemo } from "react";
import type { Priority } from "@/api/types";
import { useText } from "@/i18n/language";

export const PRIORITIES: readonly Priority[] = ["high", "medium", "low", "none"];
const COLOUR: Record<Priority, string> = {
  high: "text-danger",
  medium: "text-warn",
  low: "text-info",
  none: "text-faint",
};

/** The priorities as choices of a menu. */
export function usePriorities() {
  const text = useText();
  return useMemo(
    () =>
      PRIORITIES.map((value) => ({
        value,
        name: text(`priority.${value}`),
        icon: <Flag aria-hidden className={`size-4 ${COLOUR[value]}`} />,
      })),
    [text],
  );
}
