import { notFound } from "next/navigation";
import { isView } from "@/tasks/views";
import { TaskPage } from "../TaskPage";

export default async function ViewPage({ params }: PageProps<"/[view]">) {
  const { view } = await params;
  if (!isView(view) || view === "all") notFound();
  return <TaskPage view={view} />;
}
