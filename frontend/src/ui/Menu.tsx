"use client";

import { type ComponentType, cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from "react";

export interface MenuProps {
  trigger: ReactElement<{ onClick?: () => void; onPointerEnter?: () => void; "aria-haspopup"?: "menu" }>;
  children: ReactNode;
  align?: "start" | "end";
}

export interface MenuItemProps {
  icon?: ReactNode;
  hint?: string;
  danger?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export interface MenuChoicesProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; name: string; icon?: ReactNode }[];
  onChange: (value: T) => void;
}

// Menus are a third of what the page would have to load before it can be used, so they come when one is wanted.
const parts = () => import("./MenuParts");
const OpenMenu = lazy(async () => ({ default: (await parts()).OpenMenu }));
export const MenuItem = lazy(async () => ({ default: (await parts()).MenuItem }));
export const MenuLine = lazy(async () => ({ default: (await parts()).MenuLine }));
const Choices = lazy(async () => ({ default: (await parts()).MenuChoices as ComponentType<MenuChoicesProps<string>> }));

/** One of several, marked; choosing closes the menu. */
export function MenuChoices<T extends string>({ onChange, ...rest }: MenuChoicesProps<T>) {
  return <Choices {...rest} onChange={(value) => onChange(value as T)} />;
}

/** A menu that hangs from its trigger; arrows, letters and Escape work as everywhere. */
export function Menu({ trigger, children, align = "start" }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const plain = cloneElement(trigger, {
    onClick: () => setWanted(true),
    onPointerEnter: parts,
    "aria-haspopup": "menu",
  });
  if (!wanted) return plain;
  return (
    <Suspense fallback={plain}>
      <OpenMenu trigger={trigger} align={align}>
        {children}
      </OpenMenu>
    </Suspense>
  );
}
