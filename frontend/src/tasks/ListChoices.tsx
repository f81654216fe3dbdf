"use client";

import { useText } from "@/i18n/language";
import { MenuChoices, MenuLine } from "@/ui/Menu";
import { usePriorities } from "./priorities";
import { type Filters, type Sort, sortOf, type View } from "./views";

const SORTS = ["created", "due", "priority", "urgency", "title"] as const;
const STATUSES = ["open", "done", "all"] as const;

export interface ListChoicesProps {
  view: View;
  filters: Filters;
  onFilter: (change: Partial<Filters>) => void;
}

export function FilterChoices({ view, filters, onFilter }: ListChoicesProps) {
  const text = useText();
  const priorities = usePriorities();
  return (
    <>
      {view === "all" && (
        <>
          <MenuChoices
            label={text("filter.status")}
            value={filters.status || "open"}
            options={STATUSES.map((value) => ({ value, name: text(`filter.status.${value}`) }))}
            onChange={(status) => onFilter({ status: status === "open" ? "" : status })}
          />
          <MenuLine />
        </>
      )}
      <MenuChoices
        label={text("task.priority")}
        value={filters.priority || "any"}
        options={[{ value: "any", name: text("filter.any") } as const, ...priorities]}
        onChange={(priority) => onFilter({ priority: priority === "any" ? "" : priority })}
      />
    </>
  );
}

export function SortChoices({ view, filters, onFilter }: ListChoicesProps) {
  const text = useText();
  return (
    <MenuChoices<Sort>
      label={text("filter.sort")}
      value={sortOf(view, filters)}
      options={SORTS.map((value) => ({ value, name: text(`sort.${value}`) }))}
      onChange={(sort) => onFilter({ sort })}
    />
  );
}
