"use client";

import { Compass } from "lucide-react";
import Link from "next/link";
import { useText } from "@/i18n/language";
import { State } from "@/ui/State";

export default function NotFound() {
  const text = useText();
  return (
    <State icon={<Compass aria-hidden />} title={text("error.notFound")}>
      <Link href="/" className="font-medium text-accent underline underline-offset-4">
        {text("error.home")}
      </Link>
    </State>
  );
}
