"use client";

import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { copied } from "@/ui/clipboard";

/** Words to be taken somewhere else; where the page may not copy them, they are marked for the person to do so. */
export function CopyBox({ words }: { words: string }) {
  const text = useText();
  const [taken, setTaken] = useState(false);
  const box = useRef<HTMLPreElement>(null);

  async function copy() {
    if (await copied(words)) {
      setTaken(true);
      setTimeout(() => setTaken(false), 2_000);
    } else if (box.current) getSelection()?.selectAllChildren(box.current);
  }

  return (
    <div dir="ltr" className="flex items-start gap-2 rounded-lg border border-line bg-surface p-1 ps-3">
      <pre ref={box} className="min-w-0 flex-1 overflow-x-auto whitespace-pre-wrap break-all py-1.5 font-mono text-xs">
        {words}
      </pre>
      <IconButton
        label={text(taken ? "settings.copied" : "settings.copy")}
        icon={taken ? <Check aria-hidden className="size-4 text-accent" /> : <Copy aria-hidden className="size-4" />}
        onClick={copy}
      />
    </div>
  );
}
