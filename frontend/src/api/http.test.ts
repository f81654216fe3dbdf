import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** A server that answers when it is told to. */
function heldServer() {
  const asked: { path: string; answer: (ok: boolean) => void }[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    return new Promise<Response>((resolve, reject) => {
      asked.push({ path, answer: (ok) => (ok ? resolve(new Response("{}")) : reject(new TypeError("gone"))) });
    });
  });
  return asked;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const write = { method: "POST" };

test("a newcomer's writes wait for the first one, which gives the cookie; reads and parsing do not", async () => {
  const { send } = await import("./http");
  const asked = heldServer();
  void send("/api/tasks/parse", write);
  void send("/api/tasks", write);
  void send("/api/chat", write);
  void send("/api/tasks");
  await settled();
  expect(asked.map((one) => one.path)).toEqual(["/api/tasks/parse", "/api/tasks", "/api/tasks"]);
  asked[1]?.answer(true);
  await settled();
  expect(asked.map((one) => one.path)).toContain("/api/chat");
});

test("when the first write fails, those that waited go one after the other again", async () => {
  const { send } = await import("./http");
  const asked = heldServer();
  const first = send("/api/first", write).catch((reason: Error) => reason.message);
  void send("/api/second", write);
  void send("/api/third", write);
  await settled();
  asked[0]?.answer(false);
  expect(await first).toBe("offline");
  await settled();
  expect(asked.map((one) => one.path)).toEqual(["/api/first", "/api/second"]);
});
