import { TaskView } from "@/tasks/TaskView";

export default function AllTasksPage() {
  return <TaskView view="all" />;
}
