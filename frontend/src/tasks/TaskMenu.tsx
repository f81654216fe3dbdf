"use client";

import { Ellipsis } from "lucide-react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { LaterMenu } from "@/ui/Menu";
import type { TaskChoicesProps } from "./TaskChoices";

const choices = () => import("./TaskChoices");

export function TaskMenu(props: TaskChoicesProps) {
  const text = useText();
  return (
    <LaterMenu
      load={choices}
      align="end"
      trigger={
        <IconButton
          label={text("task.menu", { title: props.task.title })}
          icon={<Ellipsis aria-hidden className="size-[18px]" />}
        />
      }
    >
      {({ TaskChoices }) => <TaskChoices {...props} />}
    </LaterMenu>
  );
}
