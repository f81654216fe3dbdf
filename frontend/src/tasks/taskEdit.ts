import type { Priority, Task, TaskPatch } from "@/api/types";

/** A task as a form has it: every field is text. */
export interface Edited {
  title: string;
  notes: string;
  priority: Priority;
  tags: string[];
  date: string;
  time: string;
  repeat: string;
}

export function editedOf(task: Task): Edited {
  return {
    title: task.title,
    notes: task.notes,
    priority: task.priority,
    tags: task.tags,
    date: task.due?.date ?? "",
    time: task.due?.time?.slice(0, 5) ?? "",
    repeat: task.repeat ?? "",
  };
}

/** Only what a form has changed, so that what others have changed meanwhile stays. */
export function changesOf(task: Task, edited: Edited): TaskPatch {
  const before = editedOf(task);
  const patch: TaskPatch = {};
  if (edited.title.trim() !== before.title) patch.title = edited.title.trim();
  if (edited.notes !== before.notes) patch.notes = edited.notes;
  if (edited.priority !== before.priority) patch.priority = edited.priority;
  if (edited.tags.join() !== before.tags.join()) patch.tags = edited.tags;
  if (edited.repeat !== before.repeat) patch.repeat = edited.repeat || null;
  if (edited.date !== before.date || (edited.date && edited.time !== before.time)) {
    const time_zone = edited.time ? (task.due?.time_zone ?? null) : null;
    patch.due = edited.date ? { date: edited.date, time: edited.time || null, time_zone } : null;
  }
  return patch;
}
