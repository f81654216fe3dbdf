"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { parseTask } from "@/api/tasks";
import type { TaskDraft } from "@/api/types";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";

/** What the grammar makes of a line; the whole line is the title when it cannot be asked. */
async function draftOf(line: string): Promise<TaskDraft> {
  try {
    const { title, priority, tags, due, repeat } = await parseTask(line);
    return { title: title || line, priority, tags, due, repeat };
  } catch {
    return { title: line };
  }
}

export function QuickAdd({ onAdd }: { onAdd: (draft: TaskDraft) => Promise<unknown> }) {
  const text = useText();
  const input = useRef<HTMLInputElement>(null);
  const [line, setLine] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    const said = line.trim();
    if (!said) return;
    setLine("");
    const added = await onAdd(await draftOf(said));
    if (added === null) setLine((now) => now || said);
  }

  return (
    <form
      onSubmit={submit}
      className="flex items-center gap-2 rounded-2xl border border-line bg-surface ps-4 pe-1.5 shadow-sheet focus-within:border-accent"
    >
      <Plus aria-hidden className="size-5 shrink-0 text-accent" />
      <input
        ref={input}
        id="quick-add"
        aria-label={text("add.label")}
        placeholder={text("add.placeholder")}
        value={line}
        dir="auto"
        maxLength={1000}
        autoComplete="off"
        enterKeyHint="done"
        onChange={(event) => setLine(event.target.value)}
        className="h-12 min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-faint"
      />
      <Button type="submit" look="primary" disabled={!line.trim()}>
        {text("add.submit")}
      </Button>
    </form>
  );
}
