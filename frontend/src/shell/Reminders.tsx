"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { listTasks } from "@/api/tasks";
import type { Task } from "@/api/types";
import { TASKS } from "@/tasks/cache";
import { plusDays } from "@/tasks/day";
import { dueMoment } from "@/tasks/due";
import { useNow } from "@/tasks/useNow";

const LATE_MS = 10 * 60_000;

/** Pressing it opens the task. Some browsers take notifications from service workers only. */
async function remind({ id, title }: Task) {
  const options = { tag: id, icon: "/icon.svg" };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker) return worker.showNotification(title, options);
  const shown = new Notification(title, options);
  shown.onclick = () => {
    focus();
    location.assign(`/?task=${id}`);
  };
}

/** Shows a notification once, in one tab, when the time of a task of today has come. */
export default function Reminders() {
  const { now, today } = useNow();
  const query = today && `status=open&sort=due&limit=100&due_after=${today}&due_before=${plusDays(today, 1)}`;
  const { data } = useQuery({
    queryKey: [...TASKS, "reminders", query],
    queryFn: ({ signal }) => listTasks(query, null, signal),
    enabled: query !== "",
  });
  useEffect(() => {
    for (const task of data?.items ?? []) {
      if (!task.due?.time) continue;
      const late = now.getTime() - dueMoment(task.due).getTime();
      const mark = `reminded:${task.id}:${task.due.date}T${task.due.time}`;
      if (late < 0 || late > LATE_MS || localStorage.getItem(mark)) continue;
      localStorage.setItem(mark, "1");
      void remind(task);
    }
  }, [data, now]);
  return null;
}
