import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-5 items-center justify-center rounded border border-line bg-sunken px-1 py-px font-sans text-[11px] text-faint leading-4">
      {children}
    </kbd>
  );
}
