"use client";

import { Ellipsis, Link2, Pencil, Trash2 } from "lucide-react";
import type { Task } from "@/api/types";
import { useText } from "@/i18n/language";
import { notify } from "@/shell/notify";
import { IconButton } from "@/ui/Button";
import { Menu, MenuChoices, MenuItem, MenuLine } from "@/ui/Menu";
import { usePriorities } from "./priorities";
import type { TaskActions } from "./useTaskActions";

export function TaskMenu({ task, actions, onOpen }: { task: Task; actions: TaskActions; onOpen: () => void }) {
  const text = useText();
  const priorities = usePriorities();

  async function copyLink() {
    const url = new URL(location.href);
    url.search = `?task=${task.id}`;
    await navigator.clipboard.writeText(url.href);
    notify(text("task.linkCopied"));
  }

  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          label={text("task.menu", { title: task.title })}
          icon={<Ellipsis aria-hidden className="size-[18px]" />}
        />
      }
    >
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
    </Menu>
  );
}
