import { useText } from "@/i18n/language";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";

const SECTIONS = [
  {
    title: "keys.everywhere",
    keys: [
      ["N", "keys.add"],
      ["/", "keys.search"],
      ["C", "keys.chat"],
      ["Ctrl K", "keys.commands"],
      ["Ctrl Z", "keys.undo"],
      ["?", "keys.sheet"],
    ],
  },
  {
    title: "keys.list",
    keys: [
      ["↓ J", "keys.next"],
      ["↑ K", "keys.previous"],
      ["Space", "keys.complete"],
      ["Enter", "keys.open"],
      ["E", "keys.rename"],
      ["Del", "keys.delete"],
    ],
  },
  {
    title: "keys.go",
    keys: [
      ["G A", "view.all"],
      ["G T", "view.today"],
      ["G U", "view.upcoming"],
      ["G W", "view.week"],
      ["G O", "view.overdue"],
      ["G D", "view.done"],
      ["G S", "nav.settings"],
    ],
  },
] as const;

export default function ShortcutsSheet({ onClose }: { onClose: () => void }) {
  const text = useText();
  return (
    <Dialog title={text("nav.shortcuts")} onClose={onClose} className="w-[min(44rem,calc(100vw-1.5rem))]">
      <div className="grid gap-8 overflow-y-auto p-6 sm:grid-cols-3">
        {SECTIONS.map((section) => (
          <section key={section.title}>
            <h3 className="mb-3 font-semibold text-sm">{text(section.title)}</h3>
            <dl className="flex flex-col gap-2.5 text-sm">
              {section.keys.map(([key, what]) => (
                <div key={key} className="flex items-center justify-between gap-3">
                  <dt className="text-soft">{text(what)}</dt>
                  <dd className="flex shrink-0 gap-1" dir="ltr">
                    {key.split(" ").map((cap) => (
                      <Kbd key={cap}>{cap}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
