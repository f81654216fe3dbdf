"use client";

import * as Radix from "@radix-ui/react-dropdown-menu";
import { Check } from "lucide-react";
import { classes } from "./classes";
import type { MenuChoicesProps, MenuItemProps, MenuProps } from "./Menu";

const ITEM =
  "flex select-none items-center gap-2.5 rounded-lg px-2.5 py-2 text-sm outline-none data-[highlighted]:bg-picked data-[disabled]:opacity-50";

/** The menu itself, which is asked for by a first press and so begins open. */
export function OpenMenu({ trigger, children, align = "start" }: MenuProps) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-40 max-h-[min(26rem,var(--radix-dropdown-menu-content-available-height))] min-w-52 animate-rise overflow-y-auto rounded-xl border border-line bg-raised p-1.5 text-ink shadow-pop"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({ icon, hint, danger, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item className={classes(ITEM, danger && "text-danger")} onSelect={onSelect}>
      {icon && <span className={classes("grid size-4 place-items-center", !danger && "text-soft")}>{icon}</span>}
      <span className="flex-1">{children}</span>
      {hint && <span className="text-faint text-xs">{hint}</span>}
    </Radix.Item>
  );
}

/** One of several, marked; choosing closes the menu. */
export function MenuChoices<T extends string>({ label, value, options, onChange }: MenuChoicesProps<T>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.Label className="px-2.5 pt-2 pb-1 font-medium text-faint text-xs">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={ITEM}>
          {option.icon && <span className="grid size-4 place-items-center text-soft">{option.icon}</span>}
          <span className="flex-1 truncate">{option.name}</span>
          <Radix.ItemIndicator>
            <Check aria-hidden className="size-4 text-accent" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLine() {
  return <Radix.Separator className="my-1.5 h-px bg-line" />;
}
