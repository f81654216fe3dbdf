import { notFound } from "next/navigation";
import { TaskView } from "@/tasks/TaskView";
import { isView } from "@/tasks/views";

export default async function ViewPage({ params }: PageProps<"/[view]">) {
  const { view } = await params;
  if (!isView(view) || view === "all") notFound();
  return <TaskView view={view} />;
}
