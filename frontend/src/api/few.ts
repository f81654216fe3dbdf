/** How many requests one act may have on their way at a time. */
const AT_ONCE = 6;

/** Does it for each of them, a few at a time; what became of each, in their order. */
export async function fewAtATime<T, R>(
  all: readonly T[],
  act: (one: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const outcomes: PromiseSettledResult<R>[] = [];
  const waiting = all.entries();
  async function worker() {
    for (const [place, one] of waiting) {
      [outcomes[place]] = (await Promise.allSettled([act(one)])) as [PromiseSettledResult<R>];
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}
