import {
  Keyboard,
  Languages,
  type LucideIcon,
  MessageCircle,
  Monitor,
  Moon,
  Plus,
  Settings,
  SquarePen,
  Sun,
  Undo2,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useChat } from "@/chat/ChatProvider";
import { useText } from "@/i18n/language";
import { LOCALES } from "@/i18n/locales";
import { useTaskActions } from "@/tasks/useTaskActions";
import { setLocale, setTheme } from "./appearance";
import { useOverlay } from "./Overlays";
import { PLACES } from "./places";

export interface CommandItem {
  key: string;
  name: string;
  icon: LucideIcon;
  run: () => void;
}

export interface CommandGroup {
  name: string;
  items: CommandItem[];
}

/** What the palette offers; with words typed, also to add or to say them. */
export function useCommands(words: string): CommandGroup[] {
  const text = useText();
  const router = useRouter();
  const chat = useChat();
  const actions = useTaskActions();
  const overlay = useOverlay();

  const said: CommandItem[] = words
    ? [
        { key: "add", name: text("command.add", { words }), icon: Plus, run: () => void actions.addLine(words) },
        {
          key: "tell",
          name: text("command.tell", { words }),
          icon: MessageCircle,
          run: () => {
            chat.show(true);
            void chat.send(words);
          },
        },
      ]
    : [];
  const go: CommandItem[] = [
    ...PLACES.map(({ path, name, icon }) => ({ key: path, name: text(name), icon, run: () => router.push(path) })),
    { key: "/settings", name: text("nav.settings"), icon: Settings, run: () => router.push("/settings") },
  ];
  const acts: CommandItem[] = [
    { key: "undo", name: text("undo.action"), icon: Undo2, run: () => void actions.undo() },
    { key: "new-chat", name: text("chat.new"), icon: SquarePen, run: chat.start },
    { key: "keys", name: text("nav.shortcuts"), icon: Keyboard, run: () => overlay("shortcuts") },
    { key: "light", name: text("theme.light"), icon: Sun, run: () => setTheme("light") },
    { key: "dark", name: text("theme.dark"), icon: Moon, run: () => setTheme("dark") },
    { key: "system", name: text("theme.system"), icon: Monitor, run: () => setTheme("system") },
    ...Object.entries(LOCALES).map(([locale, { name }]) => ({
      key: `language-${locale}`,
      name,
      icon: Languages,
      run: () => setLocale(locale),
    })),
  ];
  const wanted = words.toLowerCase();
  const isMeant = (item: CommandItem) => item.name.toLowerCase().includes(wanted);
  return [
    { name: text("command.go"), items: go.filter(isMeant) },
    { name: text("command.act"), items: acts.filter(isMeant) },
    { name: text("command.words"), items: said },
  ].filter((group) => group.items.length > 0);
}
