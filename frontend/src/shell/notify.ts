import type { ExternalToast } from "sonner";

/** A short message at the edge of the page. */
export function notify(message: string, options?: ExternalToast): void {
  void import("sonner").then(({ toast }) => toast(message, options));
}

/** The same for what went wrong. */
export function notifyFailure(message: string): void {
  void import("sonner").then(({ toast }) => toast.error(message));
}
