import type { ExternalToast } from "sonner";

let ask: () => void = () => undefined;
let show: () => void;
const asked = new Promise<void>((resolve) => {
  ask = resolve;
});
const shown = new Promise<void>((resolve) => {
  show = resolve;
});

/** Resolves with the first message: until then there is no need for a place where messages appear. */
export const firstMessage = (): Promise<void> => asked;

/** To be called when that place is there; what is said before waits for it. */
export const placeIsThere = (): void => show();

async function sonner() {
  ask();
  const [{ toast }] = await Promise.all([import("./Toaster"), shown]);
  return toast;
}

/** A short message at the edge of the page. */
export function notify(message: string, options?: ExternalToast): void {
  void sonner().then((toast) => toast(message, options));
}

/** The same for what went wrong. */
export function notifyFailure(message: string): void {
  void sonner().then((toast) => toast.error(message));
}
