/** Runs every case once, one at a time on each lane, all lanes at once; answers in the order of the cases. */
export async function overLanes<Lane, Case, Result>(
  lanes: readonly Lane[],
  cases: readonly Case[],
  run: (lane: Lane, one: Case) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = cases.entries();
  await Promise.all(
    lanes.map(async (lane) => {
      // the lanes share one iterator: each takes the next case
      for (const [place, one] of waiting) results[place] = await run(lane, one);
    }),
  );
  return results;
}

/** The first of every list, then the second of every list, and so on: as many sets as the longest list is long. */
export function sideBySide<T>(lists: readonly (readonly T[])[]): T[][] {
  const most = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: most }, (_, place) => lists.flatMap((list) => list.slice(place, place + 1)));
}

/** The list cut into so many parts, of the same length but for the last. */
export function inParts<T>(list: readonly T[], parts: number): T[][] {
  const length = Math.ceil(list.length / parts);
  return Array.from({ length: parts }, (_, part) => list.slice(part * length, (part + 1) * length));
}
