import { memo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";

// react-markdown builds elements and never HTML; links leave in a new tab and images, which could carry data out, are words.
const COMPONENTS: Components = {
  p: ({ children }) => <p className="my-1.5 first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children }) => <ul className="my-1.5 list-disc space-y-0.5 ps-5 marker:text-faint">{children}</ul>,
  ol: ({ children }) => <ol className="my-1.5 list-decimal space-y-0.5 ps-5 marker:text-faint">{children}</ol>,
  code: ({ children }) => <code className="rounded bg-sunken px-1 py-0.5 text-[0.9em]">{children}</code>,
  pre: ({ children }) => <pre className="my-2 overflow-x-auto rounded-lg bg-sunken p-3 text-xs">{children}</pre>,
  strong: ({ children }) => <strong className="font-semibold">{children}</strong>,
  a: ({ href, children }) => (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline underline-offset-2"
    >
      {children}
    </a>
  ),
  img: ({ alt }) => <>{alt}</>,
};

export default memo(function RenderedMarkdown({ children }: { children: string }) {
  return <ReactMarkdown components={COMPONENTS}>{children}</ReactMarkdown>;
});
