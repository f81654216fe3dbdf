"use client";

import { useLater } from "@/ui/useLater";

const renderer = () => import("./RenderedMarkdown");

/** Markdown of an answer; plain words until the renderer has been loaded. */
export function Markdown({ children }: { children: string }) {
  const Rendered = useLater(renderer, true)?.default;
  return (
    <div dir="auto" className="break-words text-[14.5px] leading-relaxed">
      {Rendered ? <Rendered>{children}</Rendered> : <p className="whitespace-pre-wrap">{children}</p>}
    </div>
  );
}
