"use client";

import { CalendarClock, CircleCheckBig, Inbox, type LucideIcon, Search, Sun, WifiOff } from "lucide-react";
import { reasonOf } from "@/api/problem";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { State } from "@/ui/State";
import { Skeleton } from "./Skeleton";
import type { useTaskList } from "./useTaskList";
import type { View } from "./views";

// Pictures that the page has anyway.
const PICTURES: Record<View, LucideIcon> = {
  all: Inbox,
  today: Sun,
  upcoming: CalendarClock,
  overdue: CircleCheckBig,
  done: CircleCheckBig,
};

interface ListStateProps {
  list: ReturnType<typeof useTaskList>;
  view: View;
  filtered: boolean;
  onClear: () => void;
}

/** What stands where the list would: it is loading, could not be loaded, or there is nothing. */
export function ListState({ list, view, filtered, onClear }: ListStateProps) {
  const text = useText();
  if (list.tasks.length > 0) return null;
  if (list.isPending && list.isPaused) {
    return <State alert icon={<WifiOff aria-hidden />} title={text("list.failed")} text={text("status.offlineText")} />;
  }
  if (list.isPending || (list.isPlaceholderData && list.isFetching)) return <Skeleton />;
  if (list.isError) {
    return (
      <State alert icon={<WifiOff aria-hidden />} title={text("list.failed")} text={reasonOf(list.error, text)}>
        <Button look="primary" onClick={() => list.refetch()}>
          {text("list.retry")}
        </Button>
      </State>
    );
  }
  if (filtered) {
    return (
      <State icon={<Search aria-hidden />} title={text("empty.search.title")} text={text("empty.search.text")}>
        <Button onClick={onClear}>{text("empty.clearFilters")}</Button>
      </State>
    );
  }
  const Picture = PICTURES[view];
  return <State icon={<Picture aria-hidden />} title={text(`empty.${view}.title`)} text={text(`empty.${view}.text`)} />;
}
