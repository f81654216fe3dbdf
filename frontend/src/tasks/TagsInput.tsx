"use client";

import { X } from "lucide-react";
import { useId, useState } from "react";
import { useText } from "@/i18n/language";

/** Tags as chips with room for one more: space, comma or Enter adds, Backspace takes the last away. */
export function TagsInput({ tags, onChange }: { tags: string[]; onChange: (tags: string[]) => void }) {
  const text = useText();
  const id = useId();
  const [word, setWord] = useState("");

  function add() {
    const tag = word.replace(/^#/, "").toLowerCase();
    setWord("");
    if (tag && !tags.includes(tag)) onChange([...tags, tag]);
  }

  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-soft text-xs">
        {text("task.tags")}
      </label>
      <div className="flex min-h-10 flex-wrap items-center gap-1.5 rounded-lg border border-line bg-surface px-2 py-1.5 focus-within:border-accent">
        {tags.map((tag) => (
          <button
            key={tag}
            type="button"
            aria-label={text("add.remove", { what: tag })}
            onClick={() => onChange(tags.filter((other) => other !== tag))}
            className="inline-flex h-6 items-center gap-1 rounded-md bg-accent-soft px-2 text-accent text-xs"
          >
            {tag}
            <X aria-hidden className="size-3" />
          </button>
        ))}
        <input
          id={id}
          value={word}
          dir="auto"
          maxLength={50}
          placeholder={text("task.tagsHint")}
          onChange={(event) => setWord(event.target.value.replace(/[\s,]/g, ""))}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === "Backspace" && !word) onChange(tags.slice(0, -1));
            if (event.key === " " || event.key === "," || (event.key === "Enter" && word)) {
              event.preventDefault();
              add();
            }
          }}
          className="h-6 min-w-24 flex-1 bg-transparent px-1 text-sm outline-none placeholder:text-faint"
        />
      </div>
    </div>
  );
}
