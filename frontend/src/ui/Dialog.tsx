"use client";

import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "./Button";
import { classes } from "./classes";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  /** For a dialog that needs no visible title bar; the title is then only its name. */
  bare?: boolean;
}

/** A modal dialog, open while it is rendered. The browser keeps the focus in it and gives it back. */
export function Dialog({ title, onClose, children, className, bare }: DialogProps) {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it; the click is the one beside it
    <dialog
      ref={dialog}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => !dialog.current?.open && onClose()}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={classes(
        "m-auto max-h-[92dvh] w-[min(36rem,calc(100vw-1.5rem))] animate-rise overflow-visible rounded-2xl border border-line bg-raised p-0 text-ink shadow-pop backdrop:bg-black/35 backdrop:backdrop-blur-[2px]",
        className,
      )}
    >
      <div className="flex max-h-[92dvh] flex-col">
        {!bare && (
          // Not a header: outside of main that would be a second banner of the page.
          <div className="flex shrink-0 items-center justify-between border-line border-b py-2.5 ps-5 pe-3">
            <h2 className="font-semibold text-[15px]">{title}</h2>
            <IconButton label={text("task.close")} icon={<X aria-hidden className="size-[18px]" />} onClick={onClose} />
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}
