import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong shadow-sm",
  soft: "bg-picked text-ink hover:bg-line",
  ghost: "text-soft hover:bg-sunken hover:text-ink",
  danger: "bg-danger-soft text-danger hover:brightness-95",
} as const;

const BASE =
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium transition-colors disabled:pointer-events-none disabled:opacity-50";

type Look = keyof typeof LOOKS;

export function Button({ look = "soft", className, ...rest }: ComponentProps<"button"> & { look?: Look }) {
  return <button type="button" className={classes(BASE, LOOKS[look], "h-9 px-3.5 text-sm", className)} {...rest} />;
}

type IconButtonProps = Omit<ComponentProps<"button">, "children"> & { label: string; icon: ReactNode; look?: Look };

/** A button that shows only a picture; its label is its name and its hint. */
export function IconButton({ label, icon, look = "ghost", className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classes(BASE, LOOKS[look], "size-8", className)}
      {...rest}
    >
      {icon}
    </button>
  );
}
