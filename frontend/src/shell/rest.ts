/** Parts that come when they are wanted, and then perhaps could not be fetched any more. */
const PARTS = [
  () => import("@/ui/MenuParts"),
  () => import("./Toaster"),
  () => import("@/tasks/TaskList"),
  () => import("@/tasks/TaskDialog"),
  () => import("@/tasks/SelectionBar"),
  () => import("@/tasks/MarkChips"),
  () => import("@/tasks/ListChoices"),
  () => import("@/tasks/DueChoices"),
  () => import("@/tasks/TaskChoices"),
  () => import("@/chat/conversing"),
  () => import("@/chat/MessageView"),
  () => import("@/chat/RenderedMarkdown"),
  () => import("@/chat/ConversationList"),
  () => import("./CommandPalette"),
  () => import("./ShortcutsSheet"),
  () => import("./StatusFacts"),
];

/** Fetches them, one whenever the browser has nothing else to do; then lets the service worker keep what there is. */
export function fetchTheRest(): void {
  const idle = window.requestIdleCallback ?? setTimeout;
  const next = () => {
    const part = PARTS.shift();
    if (part) part().then(() => idle(next), next);
    else void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
  };
  idle(next);
}
