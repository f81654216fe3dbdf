import { expect, test } from "vitest";
import type { Parsed } from "@/api/types";
import { draftFrom, marksOf, NO_CORRECTIONS, piecesOf } from "./marks";

const line = "🎉 call Ammi tomorrow #home !high";
const parsed: Parsed = {
  title: "🎉 call Ammi",
  priority: "high",
  tags: ["home"],
  due: { date: "2026-12-03", time: null, time_zone: null },
  repeat: null,
  spans: [
    { start: 12, end: 20, kind: "due", text: "tomorrow" },
    { start: 21, end: 26, kind: "tag", text: "#home" },
    { start: 27, end: 32, kind: "priority", text: "!high" },
  ],
};

test("marks stand where the words are, also after an emoji", () => {
  const marks = marksOf(line, parsed.spans);
  expect(marks.map((mark) => line.slice(mark.start, mark.end))).toEqual(["tomorrow", "#home", "!high"]);
  expect(
    piecesOf(line, marks)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(line);
});

test("a dropped mark is words again and has no effect", () => {
  const draft = draftFrom(line, parsed, { fields: {}, dropped: ["due:tomorrow", "tag:#home"] });
  expect(draft).toMatchObject({ title: "🎉 call Ammi tomorrow #home", due: null, tags: [], priority: "high" });
});

test("a changed mark wins over what was understood", () => {
  expect(draftFrom(line, parsed, { fields: { priority: "low" }, dropped: [] })).toMatchObject({
    title: "🎉 call Ammi",
    priority: "low",
  });
  expect(draftFrom(line, parsed, NO_CORRECTIONS).due?.date).toBe("2026-12-03");
});
