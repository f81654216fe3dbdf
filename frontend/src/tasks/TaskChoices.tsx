"use client";

import { Link2, Pencil, Trash2 } from "lucide-react";
import type { Task } from "@/api/types";
import { useText } from "@/i18n/language";
import { notify } from "@/shell/notify";
import { copied } from "@/ui/clipboard";
import { MenuChoices, MenuItem, MenuLine } from "@/ui/Menu";
import { usePriorities } from "./priorities";
import type { TaskActions } from "./useTaskActions";

export interface TaskChoicesProps {
  task: Task;
  actions: TaskActions;
  onOpen: () => void;
}

/** What can be done to a task besides what its row offers. */
export function TaskChoices({ task, actions, onOpen }: TaskChoicesProps) {
  const text = useText();
  const priorities = usePriorities();

  async function copyLink() {
    const url = new URL(location.href);
    url.search = `?task=${task.id}`;
    notify((await copied(url.href)) ? text("task.linkCopied") : url.href);
  }

  return (
    <>
      <MenuItem icon={<Pencil aria-hidden className="size-4" />} hint="Enter" onSelect={onOpen}>
        {text("task.edit")}
      </MenuItem>
      <MenuItem icon={<Link2 aria-hidden className="size-4" />} onSelect={copyLink}>
        {text("task.copyLink")}
      </MenuItem>
      <MenuLine />
      <MenuChoices
        label={text("task.priority")}
        value={task.priority}
        options={priorities}
        onChange={(priority) => actions.patch(task, { priority })}
      />
      <MenuLine />
      <MenuItem
        danger
        icon={<Trash2 aria-hidden className="size-4" />}
        hint="Del"
        onSelect={() => actions.remove(task)}
      >
        {text("task.delete")}
      </MenuItem>
    </>
  );
}
