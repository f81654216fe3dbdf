"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { RequestFailed } from "@/api/http";
import { refresh } from "@/api/refresh";
import { ChatProvider } from "@/chat/ChatProvider";
import type { Messages } from "@/i18n/en";
import { LanguageProvider } from "@/i18n/language";
import { TASKS } from "@/tasks/cache";
import { Toasts } from "./Toasts";
import { onChangeElsewhere } from "./tabs";

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => error instanceof RequestFailed && error.unreachable && failures < 3,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
      },
    },
  });
}

export function Providers(props: { locale: string; dir: "ltr" | "rtl"; messages: Messages; children: ReactNode }) {
  const [client] = useState(newClient);
  useEffect(() => onChangeElsewhere(() => void refresh(client, TASKS)), [client]);
  return (
    <LanguageProvider locale={props.locale} messages={props.messages}>
      <QueryClientProvider client={client}>
        <ChatProvider>{props.children}</ChatProvider>
        <Toasts dir={props.dir} />
      </QueryClientProvider>
    </LanguageProvider>
  );
}
