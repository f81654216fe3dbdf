"use client";

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export type Permission = NotificationPermission | "unsupported";

const permission = (): Permission => ("Notification" in window ? Notification.permission : "unsupported");

/** Whether this browser lets the page remind the person. */
export const usePermission = (): Permission => useSyncExternalStore(subscribe, permission, () => "default");

export async function askPermission(): Promise<void> {
  await Notification.requestPermission();
  for (const listener of listeners) listener();
}
