"use client";

import { useSyncExternalStore } from "react";
import { useText } from "@/i18n/language";
import { CopyBox } from "./CopyBox";
import { Section } from "./Section";

const nothing = () => () => undefined;

/** How another assistant is connected to these tasks; a token that was just made stands where one is needed. */
export function Connect({ token }: { token: string | undefined }) {
  const text = useText();
  const origin = useSyncExternalStore(
    nothing,
    () => location.origin,
    () => "",
  );
  const configuration = {
    mcpServers: {
      todo: {
        type: "http",
        url: `${origin}/api/mcp`,
        headers: { Authorization: `Bearer ${token ?? "YOUR_TOKEN"}` },
      },
    },
  };
  return (
    <Section title={text("settings.mcp")} hint={text("settings.mcpHint")}>
      <CopyBox words={`${origin}/api/mcp`} />
      <CopyBox words={JSON.stringify(configuration, null, 2)} />
    </Section>
  );
}
