import { cookies } from "next/headers";
import { TaskView } from "@/tasks/TaskView";
import type { View } from "@/tasks/views";

/** A view of the tasks; the guest's cookie tells that there may be some, before any has been asked for. */
export async function TaskPage({ view }: { view: View }) {
  return <TaskView view={view} returning={(await cookies()).has("todo_guest")} />;
}
