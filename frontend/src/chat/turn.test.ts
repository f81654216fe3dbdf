import { expect, test } from "vitest";
import { emptyAnswer, type Message, textOf } from "./message";
import { applyEvent, fromStored } from "./turn";

const event = (name: string, data: unknown) => ({ event: name, data: JSON.stringify(data), id: null });

function play(...events: [string, unknown][]): Message {
  return events.reduce((message, [name, data]) => applyEvent(message, event(name, data)), emptyAnswer("a"));
}

test("a turn keeps words, tools and plans in the order they came", () => {
  const turn = play(
    ["start", { conversation_id: "c", turn_id: "t", engine: { kind: "rules", model: null } }],
    ["text", { delta: "One " }],
    ["text", { delta: "moment. " }],
    ["tool_call", { id: "1", name: "add_task", arguments: { title: "milk" } }],
    ["tool_result", { id: "1", name: "add_task", ok: true, text: "Added", data: {} }],
    ["text", { delta: "Added." }],
    ["done", { turn_id: "t", engine: "rules", undo_token: "u" }],
  );
  expect(turn.parts.map((part) => part.kind)).toEqual(["text", "tool", "text"]);
  expect(turn.parts[1]).toMatchObject({ call: { arguments: { title: "milk" }, ok: true } });
  expect(textOf(turn)).toBe("One moment. Added.");
  expect(turn).toMatchObject({ state: "done", turnId: "t", undoToken: "u", engine: { kind: "rules" } });
});

test("an unknown event and broken data change nothing", () => {
  const turn = play(["text", { delta: "Hello" }]);
  expect(applyEvent(turn, event("weather", {}))).toBe(turn);
  expect(applyEvent(turn, { event: "text", data: "<html>", id: null })).toBe(turn);
});

test("an error keeps what was said and stays failed after done", () => {
  const turn = play(
    ["text", { delta: "Half" }],
    ["error", { problem: { title: "Timeout", status: 504, detail: "Took too long." } }],
    ["done", {}],
  );
  expect(turn).toMatchObject({ state: "failed", failure: "Took too long." });
  expect(textOf(turn)).toBe("Half");
});

test("a stored message shows its tools before its words", () => {
  const stored = {
    id: "1-assistant",
    role: "assistant",
    text: "Done",
    tool_calls: [{ id: "x", name: "add_task", arguments: {}, ok: true, text: "" }],
    created_at: "",
  } as const;
  const shown = fromStored({ ...stored, tool_calls: [...stored.tool_calls] });
  expect(shown.parts.map((part) => part.kind)).toEqual(["tool", "text"]);
  expect(shown.turnId).toBe("1");
});
