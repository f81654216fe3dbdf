"use client";

import { useState } from "react";
import type { Token } from "@/api/types";
import { useText } from "@/i18n/language";
import { Appearance } from "./Appearance";
import { Connect } from "./Connect";
import { DeleteEverything } from "./DeleteEverything";
import { Export } from "./Export";
import { Import } from "./Import";
import { Reminders } from "./Reminders";
import { Tokens } from "./Tokens";

export function SettingsView() {
  const text = useText();
  const [fresh, setFresh] = useState<Token | null>(null);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-10 px-4 pt-6 pb-28 md:px-8 md:pt-10 md:pb-16">
        <h1 className="font-bold text-[28px] leading-9 tracking-[-0.02em]">{text("nav.settings")}</h1>
        <Appearance />
        <Reminders />
        <Tokens fresh={fresh} onCreated={setFresh} />
        <Connect token={fresh?.token} />
        <Export />
        <Import />
        <DeleteEverything />
      </div>
    </div>
  );
}
