"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { type Day, isDay, startOfWeek } from "@/tasks/day";
import { changeAddress } from "@/tasks/useViewState";

/** The week that the address names by one of its days; without one, this week. */
export function useShownWeek(today: Day): { start: Day; show: (day: Day) => void } {
  const named = useSearchParams().get("week") ?? "";
  const start = today && startOfWeek(isDay(named) ? named : today);
  const show = useCallback(
    (day: Day) => {
      const week = startOfWeek(day);
      changeAddress({ week: week === startOfWeek(today) ? "" : week });
    },
    [today],
  );
  return { start, show };
}
