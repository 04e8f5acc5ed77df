import "client-only"

/** Calls of one kind that the app is sent at the same time. */
const AT_ONCE = 4

/** Does the same for many, a few at a time. Results are in the order of the items. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(act))))
  return results
}
