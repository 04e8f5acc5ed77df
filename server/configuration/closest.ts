/**
 * Returns the candidate that a mistyped or shortened word most likely stands for; undefined if none
 * is close.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3))
  const [best] = candidates
    .map((candidate) => ({
      candidate,
      edits: isPart(word, candidate) ? 0 : edits(word, candidate),
    }))
    .filter(({ edits }) => edits <= most)
    .sort((one, other) => one.edits - other.edits)
  return best?.candidate
}

const isPart = (word: string, candidate: string) =>
  word.length > 1 && (candidate.startsWith(word) || candidate.split("-").includes(word))

/** The number of letters to insert, remove, replace or swap with the next to get the other word. */
function edits(word: string, other: string): number {
  let before: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let at = 1; at <= word.length; at++) {
    const next = [at]
    for (let to = 1; to <= other.length; to++) {
      const isSame = word[at - 1] === other[to - 1]
      const isSwapped = word[at - 1] === other[to - 2] && word[at - 2] === other[to - 1]
      next[to] = Math.min(
        (row[to] ?? 0) + 1,
        (next[to - 1] ?? 0) + 1,
        (row[to - 1] ?? 0) + (isSame ? 0 : 1),
        at > 1 && to > 1 && isSwapped ? (before[to - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = row
    row = next
  }
  return row[other.length] ?? 0
}
