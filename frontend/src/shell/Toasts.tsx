"use client";

import { lazy, Suspense, useEffect, useState } from "react";

const Toaster = lazy(async () => ({ default: (await import("sonner")).Toaster }));

/** Where messages appear; loaded once the page can be used, since nothing has happened before. */
export function Toasts({ dir }: { dir: "ltr" | "rtl" }) {
  const [usable, setUsable] = useState(false);
  useEffect(() => setUsable(true), []);
  return (
    usable && (
      <Suspense>
        <Toaster position="bottom-center" dir={dir} theme="system" className="toaster" />
      </Suspense>
    )
  );
}
