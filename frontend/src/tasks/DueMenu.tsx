"use client";

import { useRef } from "react";
import type { Due } from "@/api/types";
import { LaterMenu, type MenuProps } from "@/ui/Menu";
import type { Day } from "./day";

const choices = () => import("./DueChoices");

interface DueMenuProps {
  trigger: MenuProps["trigger"];
  due: Due | null;
  onChange: (due: Due | null) => void;
  align?: "start" | "end";
}

/** Moves a task to another day; a time of day that it has is kept. */
export function DueMenu({ trigger, due, onChange, align = "start" }: DueMenuProps) {
  const picker = useRef<HTMLInputElement>(null);
  const move = (date: Day) => onChange({ date, time: due?.time ?? null, time_zone: due?.time_zone ?? null });
  return (
    <span className="relative inline-flex">
      <LaterMenu load={choices} trigger={trigger} align={align}>
        {({ DueChoices }) => (
          <DueChoices
            onMove={move}
            onPick={() => picker.current?.showPicker()}
            onClear={due && (() => onChange(null))}
          />
        )}
      </LaterMenu>
      <input
        ref={picker}
        type="date"
        tabIndex={-1}
        aria-hidden
        value={due?.date ?? ""}
        onChange={(event) => event.target.value && move(event.target.value)}
        className="pointer-events-none absolute inset-x-0 bottom-0 h-0 opacity-0"
      />
    </span>
  );
}
