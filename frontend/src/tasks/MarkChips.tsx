"use client";

import { CalendarDays, Flag, Repeat2, Tag, X } from "lucide-react";
import type { ReactNode } from "react";
import type { TaskDraft } from "@/api/types";
import { useLocale, useText } from "@/i18n/language";
import { Menu, MenuChoices } from "@/ui/Menu";
import { DueMenu } from "./DueMenu";
import { dueName } from "./due";
import { type Mark, markKey } from "./marks";
import { usePriorities } from "./priorities";
import { REPEATS, repeatName } from "./repeat";
import { useNow } from "./useNow";

const CHIP =
  "inline-flex h-7 items-center gap-1.5 rounded-s-lg bg-accent-soft ps-2.5 pe-1.5 font-medium text-accent text-xs hover:brightness-97";

interface MarkChipsProps {
  marks: Mark[];
  draft: TaskDraft;
  onCorrect: (fields: Partial<TaskDraft>) => void;
  onDrop: (marks: Mark[]) => void;
}

/** A task has one due, but "friday … at 1pm" are two marks of it. */
function isSameChip(a: Mark, b: Mark): boolean {
  return a.kind === b.kind && (a.kind !== "tag" || a.text === b.text);
}

/** What was understood, one chip each: press to choose something else, or take it out. */
export function MarkChips({ marks, draft, onCorrect, onDrop }: MarkChipsProps) {
  const text = useText();
  const locale = useLocale();
  const { today } = useNow();
  const priorities = usePriorities();

  function chip(mark: Mark): ReactNode {
    switch (mark.kind) {
      case "due":
        return (
          <DueMenu
            due={draft.due ?? null}
            onChange={(due) => onCorrect({ due })}
            trigger={
              <button type="button" className={CHIP}>
                <CalendarDays aria-hidden className="size-3.5" />
                {draft.due ? dueName(draft.due, today, locale, text) : text("due.clear")}
              </button>
            }
          />
        );
      case "priority":
        return (
          <Menu
            trigger={
              <button type="button" className={CHIP}>
                <Flag aria-hidden className="size-3.5" />
                {text(`priority.${draft.priority ?? "none"}`)}
              </button>
            }
          >
            <MenuChoices
              label={text("task.priority")}
              value={draft.priority ?? "none"}
              options={priorities}
              onChange={(priority) => onCorrect({ priority })}
            />
          </Menu>
        );
      case "repeat":
        return (
          <Menu
            trigger={
              <button type="button" className={CHIP}>
                <Repeat2 aria-hidden className="size-3.5" />
                {draft.repeat ? repeatName(draft.repeat, text) : text("repeat.none")}
              </button>
            }
          >
            <MenuChoices
              label={text("task.repeat")}
              value={draft.repeat ?? ""}
              options={REPEATS.map((rule) => ({
                value: rule,
                name: rule ? repeatName(rule, text) : text("repeat.none"),
              }))}
              onChange={(rule) => onCorrect({ repeat: rule || null })}
            />
          </Menu>
        );
      default:
        return (
          <span className={CHIP}>
            <Tag aria-hidden className="size-3" />
            {mark.text.replace(/^#/, "")}
          </span>
        );
    }
  }

  const chips = marks.filter((mark, index) => marks.findIndex((other) => isSameChip(mark, other)) === index);
  return (
    <ul aria-label={text("add.understood")} className="flex flex-wrap gap-1.5 px-4 pb-3">
      {chips.map((mark) => (
        <li key={markKey(mark)} className="inline-flex animate-rise">
          {chip(mark)}
          <button
            type="button"
            aria-label={text("add.remove", { what: mark.text })}
            onClick={() => onDrop(marks.filter((other) => isSameChip(mark, other)))}
            className="grid h-7 w-6 place-items-center rounded-e-lg bg-accent-soft text-accent hover:brightness-97"
          >
            <X aria-hidden className="size-3" />
          </button>
        </li>
      ))}
    </ul>
  );
}
