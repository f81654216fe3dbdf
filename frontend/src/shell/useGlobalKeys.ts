"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { isWriting } from "./keys";

/** What a key, or a second key after G, does anywhere on the page. */
export interface GlobalKeys {
  [keys: string]: () => void;
}

const GO: Record<string, string> = {
  a: "/",
  t: "/today",
  u: "/upcoming",
  o: "/overdue",
  w: "/week",
  d: "/done",
  s: "/settings",
};

export function useGlobalKeys(keys: GlobalKeys): void {
  const router = useRouter();
  const latest = useRef(keys);
  latest.current = keys;

  useEffect(() => {
    let afterG = 0;
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const writing = isWriting(event.target);
      const key = event.key.toLowerCase();
      const command = event.ctrlKey || event.metaKey;
      const name = command ? `mod+${key}` : event.key;
      const isOurs = key === "k" || (key === "z" && (event.target as HTMLElement).dataset.undo === "tasks");
      if (command ? writing && !isOurs : writing || document.querySelector("dialog[open]")) return;
      const place = !command && event.timeStamp - afterG < 1000 ? GO[key] : undefined;
      afterG = !command && key === "g" ? event.timeStamp : 0;
      const act = place ? () => router.push(place) : latest.current[name];
      if (!act) return;
      event.preventDefault();
      act();
    }
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [router]);
}
