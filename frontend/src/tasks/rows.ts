import type { ListedTask } from "./cache";
import { type Day, plusDays } from "./day";
import type { View } from "./views";

export type Row =
  | { kind: "heading"; key: string; day: Day | null; late: boolean; count: number }
  | { kind: "task"; key: string; task: ListedTask };

/** The day a task stands under; everything late stands together. */
function groupOf(task: ListedTask, today: Day): string {
  if (!task.due) return "none";
  return task.due.date < today ? "late" : task.due.date;
}

/** The rows of a list: under a heading for each day when the order is by date. */
export function rowsOf(tasks: ListedTask[], view: View, sortedByDue: boolean, today: Day): Row[] {
  const grouped = sortedByDue && (view === "today" || view === "upcoming" || view === "all");
  if (!grouped) return tasks.map((task) => ({ kind: "task", key: task.id, task }));
  const groups = new Map<string, ListedTask[]>();
  for (const task of tasks) {
    const group = groupOf(task, today);
    const members = groups.get(group);
    if (members) members.push(task);
    else groups.set(group, [task]);
  }
  const order = (group: string) => (group === "late" ? "0" : group === "none" ? "9999-99" : group);
  // A task that has just been moved still has its old place among the tasks.
  const inOrder = [...groups].sort(([one], [other]) => (order(one) < order(other) ? -1 : 1));
  return inOrder.flatMap(([group, members]): Row[] => [
    {
      kind: "heading",
      key: `heading-${group}`,
      day: group === "late" ? plusDays(today, -1) : group === "none" ? null : group,
      late: group === "late",
      count: members.length,
    },
    ...members.map((task): Row => ({ kind: "task", key: task.id, task })),
  ]);
}
