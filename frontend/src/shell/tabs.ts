/** Tells the other tabs of this browser that tasks have changed. */
let channel: BroadcastChannel | null = null;

function open(): BroadcastChannel {
  channel ??= new BroadcastChannel("todo-tasks");
  return channel;
}

export function announceChange(): void {
  open().postMessage("changed");
}

export function onChangeElsewhere(listener: () => void): () => void {
  const line = open();
  line.addEventListener("message", listener);
  return () => line.removeEventListener("message", listener);
}
