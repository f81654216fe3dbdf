"use client";

import { CloudAlert } from "lucide-react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { State } from "@/ui/State";

export default function PageError() {
  const text = useText();
  return (
    <State alert icon={<CloudAlert aria-hidden />} title={text("error.page")} text={text("error.pageText")}>
      <Button look="primary" onClick={() => location.reload()}>
        {text("error.reload")}
      </Button>
    </State>
  );
}
