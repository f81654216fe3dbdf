"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useMemo, useRef, useState } from "react";
import { parseTask } from "@/api/tasks";
import type { Parsed, TaskDraft } from "@/api/types";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { later } from "@/ui/later";
import { useDraft } from "@/ui/useDraft";
import { type Corrections, draftFrom, markKey, marksOf, NO_CORRECTIONS, piecesOf } from "./marks";
import { useParsed } from "./useParsed";

const FONT = "text-[15px] leading-12 tracking-normal";
const MarkChips = later(async () => (await import("./MarkChips")).MarkChips);
const NO_MARKS: Parsed["spans"] = [];

/** One line that becomes a task; what the grammar understood of it is marked and can be corrected. */
export function QuickAdd({ onAdd }: { onAdd: (draft: TaskDraft) => Promise<unknown> }) {
  const text = useText();
  const [line, setLine] = useDraft("quick-add", "quick-add");
  const [corrections, setCorrections] = useState<Corrections>(NO_CORRECTIONS);
  const [justAdded, setJustAdded] = useState(false);
  const parsed = useParsed(line);
  const paper = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const marks = useMemo(
    () => marksOf(line, parsed?.spans ?? NO_MARKS).filter((mark) => !corrections.dropped.includes(markKey(mark))),
    [line, parsed, corrections],
  );

  async function submit(event: FormEvent) {
    event.preventDefault();
    const said = line.trim();
    if (!said) return;
    setLine("");
    setJustAdded(true);
    setCorrections(NO_CORRECTIONS);
    const understood = parsed ?? (await parseTask(said).catch(() => null));
    const added = await onAdd(understood ? draftFrom(parsed ? line : said, understood, corrections) : { title: said });
    // Whoever is quick has written on meanwhile.
    if (added === null) setLine([said, field.current?.value].filter(Boolean).join(" "));
  }

  return (
    <form
      onSubmit={submit}
      className="rounded-2xl border border-line bg-surface shadow-sheet transition-colors focus-within:border-accent"
    >
      <div className="flex items-center gap-2 ps-4 pe-1.5">
        <Plus aria-hidden className="size-5 shrink-0 text-accent" />
        <div className="relative min-w-0 flex-1">
          <div
            ref={paper}
            aria-hidden
            dir="auto"
            className={`pointer-events-none absolute inset-0 overflow-hidden whitespace-pre text-transparent ${FONT}`}
          >
            {piecesOf(line, marks).map((piece, index) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other identity
                key={index}
                className={piece.mark ? "-mx-0.5 rounded bg-accent-soft px-0.5 py-1" : ""}
              >
                {piece.text}
              </span>
            ))}
          </div>
          <input
            ref={field}
            id="quick-add"
            aria-label={text("add.label")}
            placeholder={text("add.placeholder")}
            value={line}
            dir={line ? "auto" : undefined}
            maxLength={1000}
            autoComplete="off"
            enterKeyHint="done"
            onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
            onChange={(event) => {
              setJustAdded(false);
              setLine(event.target.value);
            }}
            // Then the field has nothing of its own to undo.
            data-undo={justAdded ? "tasks" : undefined}
            onScroll={({ currentTarget }) => paper.current?.scrollTo({ left: currentTarget.scrollLeft })}
            className={`relative h-12 w-full bg-transparent outline-none placeholder:text-faint placeholder-shown:text-ellipsis ${FONT}`}
          />
        </div>
        <Button type="submit" look="primary" disabled={!line.trim()}>
          {text("add.submit")}
        </Button>
      </div>
      {parsed && marks.length > 0 && (
        <MarkChips
          marks={marks}
          draft={draftFrom(line, parsed, corrections)}
          onCorrect={(fields) => setCorrections((now) => ({ ...now, fields: { ...now.fields, ...fields } }))}
          onDrop={(dropped) =>
            setCorrections((now) => ({ ...now, dropped: [...now.dropped, ...dropped.map(markKey)] }))
          }
        />
      )}
    </form>
  );
}
