/** Calls `make` this many times, one after another. */
export async function inTurn<Made>(count: number, make: () => Promise<Made>): Promise<Made[]> {
  const all: Made[] = []
  for (let n = 0; n < count; n++) all.push(await make())
  return all
}
