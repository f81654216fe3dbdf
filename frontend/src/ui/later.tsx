"use client";

import type { ComponentType, ReactNode } from "react";
import { useLater } from "./useLater";

/**
 * A component that is loaded when it is first shown.
 *
 * Unlike React's `lazy`, one that cannot be fetched leaves the page around it as it is instead of failing it, and one
 * that had to be fetched is not held back for 300 ms.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, meanwhile: ReactNode = null) {
  let part: ComponentType<P> | null = null;
  const loadOnce = async () => {
    part = await load();
    return part;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: it is called once for a part, at the top of a module
  return function Later(props: P) {
    const fetched = useLater(loadOnce, part === null);
    const Part = part ?? fetched;
    return Part ? <Part {...props} /> : meanwhile;
  };
}
