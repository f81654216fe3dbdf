"use client";

import { ArrowUpDown, ListFilter, Search, SquareCheckBig, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useText } from "@/i18n/language";
import { Button, IconButton } from "@/ui/Button";
import { LaterMenu } from "@/ui/Menu";
import { FilterChips } from "./FilterChips";
import type { ListChoicesProps } from "./ListChoices";
import { sortOf } from "./views";

const choices = () => import("./ListChoices");

interface ListBarProps extends ListChoicesProps {
  onSelect: () => void;
}

/** Search as one types, filters, the order. */
export function ListBar({ view, filters, onFilter, onSelect }: ListBarProps) {
  const text = useText();
  const [words, setWords] = useState(filters.q);

  useEffect(() => setWords(filters.q), [filters.q]);
  useEffect(() => {
    if (words === filters.q) return;
    const timer = setTimeout(() => onFilter({ q: words }), 150);
    return () => clearTimeout(timer);
  }, [words, filters.q, onFilter]);

  return (
    <div className="mt-4 mb-1 flex flex-col gap-2">
      <div className="flex items-center gap-1">
        <search className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg px-3 text-faint focus-within:bg-sunken hover:bg-hover">
          <Search aria-hidden className="size-4 shrink-0" />
          <input
            id="search"
            type="text"
            inputMode="search"
            dir={words ? "auto" : undefined}
            aria-label={text("filter.search")}
            placeholder={text("filter.search")}
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && (words ? setWords("") : event.currentTarget.blur())}
            className="h-full min-w-0 flex-1 bg-transparent text-ink text-sm outline-none placeholder:text-faint"
          />
          {words && (
            <IconButton
              label={text("filter.clearSearch")}
              icon={<X aria-hidden className="size-3.5" />}
              onClick={() => setWords("")}
              className="size-6"
            />
          )}
        </search>
        <LaterMenu
          load={choices}
          align="end"
          trigger={
            <Button look="ghost" aria-label={text("filter.label")} className="max-sm:px-2.5">
              <ListFilter aria-hidden className="size-4" />
              <span className="max-sm:hidden">{text("filter.label")}</span>
            </Button>
          }
        >
          {({ FilterChoices }) => <FilterChoices view={view} filters={filters} onFilter={onFilter} />}
        </LaterMenu>
        <LaterMenu
          load={choices}
          align="end"
          trigger={
            <Button look="ghost" aria-label={text("filter.sort")} className="max-sm:px-2.5">
              <ArrowUpDown aria-hidden className="size-4" />
              <span className="max-sm:hidden">{text(`sort.${sortOf(view, filters)}`)}</span>
            </Button>
          }
        >
          {({ SortChoices }) => <SortChoices view={view} filters={filters} onFilter={onFilter} />}
        </LaterMenu>
        <IconButton
          label={text("select.start")}
          icon={<SquareCheckBig aria-hidden className="size-4" />}
          onClick={onSelect}
          className="size-9"
        />
      </div>
      <FilterChips filters={filters} onFilter={onFilter} />
    </div>
  );
}
