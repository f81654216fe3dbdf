"use client";

import { useRouter } from "next/navigation";
import { type ComponentProps, type MouseEvent, useEffect } from "react";

/** Whether the browser shall follow a link itself: into a new tab or window, or to save it. */
function isForBrowser(event: MouseEvent): boolean {
  return (
    event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
  );
}

/** A link to another place of the page. What this page needs of next/link, which is 3 kB of the first load. */
export function Go({ href, ...rest }: ComponentProps<"a"> & { href: string }) {
  const router = useRouter();
  useEffect(() => router.prefetch(href), [router, href]);
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        if (isForBrowser(event)) return;
        event.preventDefault();
        router.push(href);
      }}
    />
  );
}
