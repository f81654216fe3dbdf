"use client";

import { useCallback, useEffect, useState } from "react";

/** Words that are being written in the field with that id, kept in this browser until they have been used. */
export function useDraft(name: string, field: string): [string, (words: string) => void] {
  const key = `draft:${name}`;
  const [words, setWords] = useState("");
  useEffect(() => {
    // Whoever is quick has written before the page was awake.
    const written = document.querySelector<HTMLInputElement>(`#${field}`)?.value;
    setWords(written || (localStorage.getItem(key) ?? ""));
  }, [key, field]);
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
