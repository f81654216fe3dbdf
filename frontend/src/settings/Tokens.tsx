"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { createToken, listTokens, revokeToken } from "@/api/account";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import type { Token } from "@/api/types";
import { useLocale, useText } from "@/i18n/language";
import { notifyFailure } from "@/shell/notify";
import { Button } from "@/ui/Button";
import { INPUT } from "@/ui/Field";
import { CopyBox } from "./CopyBox";
import { Section } from "./Section";

const TOKENS = ["tokens"];

interface TokensProps {
  /** The one that was just made: only now can it be seen. */
  fresh: Token | null;
  onCreated: (token: Token) => void;
}

export function Tokens({ fresh, onCreated }: TokensProps) {
  const text = useText();
  const locale = useLocale();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: TOKENS, queryFn: listTokens });
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Token["scope"]>("write");

  async function attempt(act: () => Promise<unknown>) {
    try {
      await act();
    } catch (error) {
      notifyFailure(text("task.failed", { reason: reasonOf(error, text) }));
    }
    await refresh(client, TOKENS);
  }

  function create(event: FormEvent) {
    event.preventDefault();
    void attempt(async () => {
      onCreated(await createToken(name.trim(), scope));
      setName("");
    });
  }

  return (
    <Section title={text("settings.tokens")} hint={text("settings.tokensHint")}>
      <form onSubmit={create} className="flex flex-wrap gap-2">
        <input
          required
          dir="auto"
          maxLength={100}
          aria-label={text("settings.tokenName")}
          placeholder={text("settings.tokenName")}
          value={name}
          onChange={(event) => setName(event.target.value)}
          className={`${INPUT} min-w-40 flex-1`}
        />
        <select
          aria-label={text("settings.scope")}
          value={scope}
          onChange={(event) => setScope(event.target.value as Token["scope"])}
          className={`${INPUT} w-auto!`}
        >
          <option value="write">{text("settings.scope.write")}</option>
          <option value="read">{text("settings.scope.read")}</option>
        </select>
        <Button type="submit" look="primary" className="h-10">
          {text("settings.createToken")}
        </Button>
      </form>
      {fresh?.token && (
        <div role="status" className="rounded-xl bg-accent-soft p-4 text-sm">
          <p className="mb-2 font-medium">{text("settings.tokenOnce")}</p>
          <CopyBox words={fresh.token} />
        </div>
      )}
      <ul className="flex flex-col">
        {data?.map((token) => (
          <li key={token.id} className="flex items-center gap-3 border-line border-b py-2 text-sm last:border-0">
            <KeyRound aria-hidden className="size-4 shrink-0 text-faint" />
            <div className="flex min-w-0 flex-1 flex-col sm:flex-row sm:items-center sm:justify-between sm:gap-3">
              <bdi className="truncate">{token.name}</bdi>
              <span className="shrink-0 text-faint text-xs">
                {text(`settings.scope.${token.scope}`)}
                {token.created_at && ` · ${new Intl.DateTimeFormat(locale).format(new Date(token.created_at))}`}
              </span>
            </div>
            <Button
              look="danger"
              className="h-8"
              aria-label={`${text("settings.revoke")}: ${token.name}`}
              onClick={() => attempt(() => revokeToken(token.id))}
            >
              {text("settings.revoke")}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
