import { notFound } from "next/navigation";
import { isView } from "@/tasks/views";
import { TaskPage } from "../TaskPage";
import { titled } from "../titled";

export async function generateMetadata({ params }: PageProps<"/[view]">) {
  const { view } = await params;
  return isView(view) ? titled(`view.${view}`) : titled("error.notFound");
}

export default async function ViewPage({ params }: PageProps<"/[view]">) {
  const { view } = await params;
  if (!isView(view) || view === "all") notFound();
  return <TaskPage view={view} />;
}
