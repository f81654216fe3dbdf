import type { Parsed, Span, TaskDraft } from "@/api/types";

export type Mark = Span & { kind: "tag" | "priority" | "due" | "repeat" };
export interface Piece {
  text: string;
  mark: Mark | null;
}

/** Marks with places in UTF-16 units; the server counts characters. */
export function marksOf(line: string, spans: Span[]): Mark[] {
  const characters = Array.from(line);
  const units = [0];
  for (const character of characters) units.push((units.at(-1) ?? 0) + character.length);
  const place = (index: number) => units[Math.min(index, characters.length)] ?? line.length;
  return spans
    .filter((span): span is Mark => span.kind !== "title")
    .map((span) => ({ ...span, start: place(span.start), end: place(span.end) }))
    .sort((a, b) => a.start - b.start);
}

/** The line cut at its marks, to be painted behind what is being typed. */
export function piecesOf(line: string, marks: Mark[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.start < at) continue;
    if (mark.start > at) pieces.push({ text: line.slice(at, mark.start), mark: null });
    pieces.push({ text: line.slice(mark.start, mark.end), mark });
    at = mark.end;
  }
  if (at < line.length) pieces.push({ text: line.slice(at), mark: null });
  return pieces;
}

export const markKey = (mark: Pick<Mark, "kind" | "text">): string => `${mark.kind}:${mark.text}`;

/** What a person changed of what was understood. */
export interface Corrections {
  fields: Partial<TaskDraft>;
  /** Keys of marks that are to be read as plain words. */
  dropped: readonly string[];
}

export const NO_CORRECTIONS: Corrections = { fields: {}, dropped: [] };

/** The task that a line means: what the grammar understood, as corrected. */
export function draftFrom(line: string, parsed: Parsed, corrections: Corrections): TaskDraft {
  const { title, priority, tags, due, repeat } = parsed;
  const draft: TaskDraft = { title, priority, tags, due, repeat };
  const marks = marksOf(line, parsed.spans);
  const isDropped = (mark: Mark) => corrections.dropped.includes(markKey(mark));
  if (marks.some(isDropped)) {
    const kept = marks.map((mark) => (isDropped(mark) ? { ...mark, end: mark.start } : mark));
    draft.title = piecesOf(line, kept)
      .map((piece) => (piece.mark ? " " : piece.text))
      .join("")
      .replace(/\s+/g, " ")
      .trim();
    for (const mark of marks.filter(isDropped)) {
      if (mark.kind === "tag") draft.tags = (draft.tags ?? []).filter((tag) => !mark.text.toLowerCase().includes(tag));
      else if (mark.kind === "priority") draft.priority = "none";
      else draft[mark.kind] = null;
    }
  }
  return { ...draft, ...corrections.fields, title: draft.title || line };
}
