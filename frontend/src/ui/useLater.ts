"use client";

import { useEffect, useState } from "react";

/** A part of the page that is loaded when it is first wanted; null until it is there. */
export function useLater<T>(load: () => Promise<T>, wanted: boolean): T | null {
  const [part, setPart] = useState<{ is: T } | null>(null);
  useEffect(() => {
    if (wanted)
      load().then(
        (is) => setPart({ is }),
        () => undefined,
      );
  }, [load, wanted]);
  return part?.is ?? null;
}
