"use client";

import { cloneElement, type ReactElement, type ReactNode, useState } from "react";

export interface MenuProps {
  trigger: ReactElement<{ onClick?: () => void; onPointerEnter?: () => void; "aria-haspopup"?: "menu" }>;
  children: ReactNode;
  align?: "start" | "end";
}

interface LaterMenuProps<T> extends Omit<MenuProps, "children"> {
  load: () => Promise<T>;
  children: (part: T) => ReactNode;
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

type Parts = typeof import("./MenuParts");

// Menus are a third of what the page would have to load before it can be used, so they come when one is wanted. Not by
// React.lazy: what replaces a fallback is held back for 300 ms, and a menu has three such parts inside one another.
let parts: Parts | null = null;

async function load(): Promise<Parts> {
  parts ??= await import("./MenuParts");
  return parts;
}

export const MenuItem = (props: MenuItemProps) => parts && <parts.MenuItem {...props} />;
export const MenuLine = () => parts && <parts.MenuLine />;

/** One of several, marked; choosing closes the menu. */
export function MenuChoices<T extends string>({ onChange, ...rest }: MenuChoicesProps<T>) {
  return parts && <parts.MenuChoices {...rest} onChange={(value) => onChange(value as T)} />;
}

const nothing = () => Promise.resolve(null);

/** A menu that hangs from its trigger; arrows, letters and Escape work as everywhere. */
export function Menu({ children, ...rest }: MenuProps) {
  return (
    <LaterMenu {...rest} load={nothing}>
      {() => children}
    </LaterMenu>
  );
}

/** A menu whose items are a part of their own, which comes with it when it is first wanted. */
export function LaterMenu<T>({ trigger, load: loadItems, children, align = "start" }: LaterMenuProps<T>) {
  const [opened, setOpened] = useState<{ menu: Parts; items: T } | null>(null);
  if (opened) {
    return (
      <opened.menu.OpenMenu trigger={trigger} align={align}>
        {children(opened.items)}
      </opened.menu.OpenMenu>
    );
  }
  const loadAll = () => Promise.all([load(), loadItems()]);
  return cloneElement(trigger, {
    onClick: () =>
      void loadAll().then(
        ([menu, items]) => setOpened({ menu, items }),
        () => undefined,
      ),
    onPointerEnter: () => void loadAll().catch(() => undefined),
    "aria-haspopup": "menu",
  });
}
