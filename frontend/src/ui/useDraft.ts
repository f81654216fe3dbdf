"use client";

import { useCallback, useEffect, useState } from "react";

/** Words that are still being written, kept in this browser until they have been used. */
export function useDraft(name: string): [string, (words: string) => void] {
  const key = `draft:${name}`;
  const [words, setWords] = useState("");
  useEffect(() => setWords(localStorage.getItem(key) ?? ""), [key]);
  const write = useCallback(
    (next: string) => {
      setWords(next);
      if (next) localStorage.setItem(key, next);
      else localStorage.removeItem(key);
    },
    [key],
  );
  return [words, write];
}
