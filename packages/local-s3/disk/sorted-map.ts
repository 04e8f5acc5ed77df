/** A map with its keys sorted as S3 lists them: by their UTF-8 bytes. */
export type SortedMap<Value> = {
  readonly size: number
  get: (key: string) => Value | undefined
  set: (key: string, value: Value) => void
  delete: (key: string) => void
  /** Adds many entries at once, which is far faster than one by one. */
  load: (entries: Iterable<readonly [key: string, value: Value]>) => void
  /** Returns the position of the first key from `key` on, `after` it, or `past` its prefix. */
  seek: (key: string, where?: "from" | "after" | "past") => number
  at: (position: number) => readonly [key: string, value: Value] | undefined
}

export function createSortedMap<Value>(): SortedMap<Value> {
  const values = new Map<string, Value>()
  let order: { key: string; rank: string }[] = []

  const seek = (key: string, where: "from" | "after" | "past" = "from") => {
    // U+FFFF sorts after any character. The last low surrogate ranks equal, but never is first.
    const rank = where === "past" ? `${rankOf(key)}\uffff` : rankOf(key)
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const candidate = order[middle]?.rank ?? ""
      if (candidate < rank || (where !== "from" && candidate === rank)) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    get size() {
      return order.length
    },
    get: (key) => values.get(key),
    set: (key, value) => {
      if (!values.has(key)) order.splice(seek(key), 0, { key, rank: rankOf(key) })
      values.set(key, value)
    },
    delete: (key) => {
      if (values.delete(key)) order.splice(seek(key), 1)
    },
    load: (entries) => {
      for (const [key, value] of entries) {
        if (!values.has(key)) order.push({ key, rank: rankOf(key) })
        values.set(key, value)
      }
      order = order.sort((a, b) => (a.rank < b.rank ? -1 : 1))
    },
    seek,
    at: (position) => {
      const entry = order[position]
      const value = entry && values.get(entry.key)
      return entry && value !== undefined ? [entry.key, value] : undefined
    },
  }
}

/**
 * Maps a key to a string whose UTF-16 order, which JavaScript uses, is the key's UTF-8 order:
 * surrogates sort after all other units.
 */
export function rankOf(key: string) {
  return key.replace(/[\ud800-\uffff]/g, (unit) => {
    const code = unit.charCodeAt(0)
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000)
  })
}
