"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";

/** Words to be taken somewhere else. */
export function CopyBox({ words }: { words: string }) {
  const text = useText();
  const [copied, setCopied] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(words);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  }

  return (
    <div dir="ltr" className="flex items-start gap-2 rounded-lg border border-line bg-surface p-1 ps-3">
      <pre className="min-w-0 flex-1 overflow-x-auto whitespace-pre-wrap break-all py-1.5 font-mono text-xs">
        {words}
      </pre>
      <IconButton
        label={text(copied ? "settings.copied" : "settings.copy")}
        icon={copied ? <Check aria-hidden className="size-4 text-accent" /> : <Copy aria-hidden className="size-4" />}
        onClick={copy}
      />
    </div>
  );
}
