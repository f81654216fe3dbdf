"use client";

import { lazy, Suspense } from "react";

const Rendered = lazy(() => import("./RenderedMarkdown"));

/** Markdown of an answer; plain words until the renderer has been loaded. */
export function Markdown({ children }: { children: string }) {
  return (
    <div dir="auto" className="break-words text-[14.5px] leading-relaxed">
      <Suspense fallback={<p className="whitespace-pre-wrap">{children}</p>}>
        <Rendered>{children}</Rendered>
      </Suspense>
    </div>
  );
}
