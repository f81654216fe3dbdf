"use client";

import { useRef, useState } from "react";
import type { Task } from "@/api/types";
import { useText } from "@/i18n/language";
import { classes } from "@/ui/classes";

interface TaskTitleProps {
  task: Task;
  /** Null when it could not be saved. */
  onSave: (title: string) => Promise<unknown>;
}

/** The title, which becomes its own editor: Enter or leaving keeps the change, Escape drops it. */
export function TaskTitle({ task, onSave }: TaskTitleProps) {
  const text = useText();
  const [draft, setDraft] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  async function finish(keep: boolean) {
    const title = draft?.trim();
    setDraft(null);
    setRefused(false);
    requestAnimationFrame(() => button.current?.focus());
    if (!keep || !title || title === task.title || (await onSave(title)) !== null) return;
    setRefused(true);
    setDraft(title);
  }

  if (draft !== null) {
    return (
      <input
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here; by now elsewhere, if it was refused
        autoFocus={!refused}
        aria-label={text("task.title")}
        value={draft}
        dir="auto"
        maxLength={200}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => void finish(true)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) void finish(true);
          if (event.key === "Escape") {
            event.stopPropagation();
            void finish(false);
          }
        }}
        className="-mx-1 w-full rounded bg-surface px-1 text-[15px] leading-6 outline-2 outline-accent"
      />
    );
  }
  return (
    <button
      ref={button}
      type="button"
      dir="auto"
      data-title
      title={text("task.edit")}
      onClick={() => setDraft(task.title)}
      className={classes(
        "block max-w-full cursor-text break-words rounded text-start text-[15px] leading-6 transition-colors",
        task.done ? "text-faint line-through decoration-faint/60" : "text-ink",
      )}
    >
      {task.title}
    </button>
  );
}
