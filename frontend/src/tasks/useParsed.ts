"use client";

import { useEffect, useState } from "react";
import { parseTask } from "@/api/tasks";
import type { Parsed } from "@/api/types";

const PAUSE_MS = 90;

/** What the grammar understands of a line while it is being typed; null as long as that is not known. */
export function useParsed(line: string): Parsed | null {
  const [known, setKnown] = useState<{ line: string; parsed: Parsed } | null>(null);
  useEffect(() => {
    if (!line.trim()) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setKnown({ line, parsed: await parseTask(line, abort.signal) });
      } catch {
        // Marks are a help; without them the line can still be added.
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [line]);
  return known?.line === line ? known.parsed : null;
}
