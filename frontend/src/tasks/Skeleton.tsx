"use client";

import { useText } from "@/i18n/language";

const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-2/3", "w-1/3"];

export function Skeleton() {
  const text = useText();
  return (
    <div role="status" className="animate-pulse">
      <span className="sr-only">{text("list.loading")}</span>
      {WIDTHS.map((width) => (
        <div key={width} className="flex items-center gap-3 px-3 py-3.5">
          <div className="size-5 rounded-full bg-sunken" />
          <div className={`h-4 rounded bg-sunken ${width}`} />
        </div>
      ))}
    </div>
  );
}
