import { expect, test } from "vitest";
import { readEvents } from "./sse";

function streamOf(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array>) {
  const events = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

test("an event split at any byte arrives whole", async () => {
  const bytes = new TextEncoder().encode(
    'id: 1\r\nevent: text\r\ndata: {"delta":"دودھ"}\r\n\r\n: ping\n\ndata: a\ndata: b\n\n',
  );
  for (let cut = 0; cut <= bytes.length; cut++) {
    const events = await collect(streamOf(bytes.slice(0, cut), bytes.slice(cut)));
    expect(events).toEqual([
      { event: "text", data: '{"delta":"دودھ"}', id: "1" },
      { event: "message", data: "a\nb", id: null },
    ]);
  }
});

test("any bytes read in any pieces as they do in one", async () => {
  const odd = [
    "\r",
    "\n",
    "\r\n",
    "\n\n",
    "data:",
    "data: ",
    "event: text",
    "id: 1",
    ":",
    " ",
    "{}",
    "دودھ",
    "\u2028",
    "\ufeff",
  ];
  let state = 1;
  const below = (limit: number) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: below(40) }, () => odd[below(odd.length)]).join("");
    const bytes = Uint8Array.of(...new TextEncoder().encode(text), below(256), 10, 10);
    const pieces: Uint8Array[] = [];
    for (let from = 0; from < bytes.length; ) {
      const to = from + 1 + below(6);
      pieces.push(bytes.slice(from, to));
      from = to;
    }
    expect(await collect(streamOf(...pieces)), text).toEqual(await collect(streamOf(bytes)));
  }
});

test("an unfinished last event is dropped", async () => {
  expect(await collect(streamOf("event: done\ndata: {}"))).toEqual([]);
});
