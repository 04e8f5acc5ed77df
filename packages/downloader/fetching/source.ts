import "client-only"

type SourceOptions = {
  size: number
  /** The ETag of an earlier session; null if none is known. */
  etag: string | null
  /** The path that had this ETag. */
  path: string | null
  /** Whether a copy under another path may have another ETag: the SHA-256 decides then. */
  acceptsCopies: boolean
}

/**
 * Identifies the object that the bytes come from by its strong ETag and its size. An app may move a
 * file to another key, and the copy may have another ETag. Under the same key, another ETag means
 * another object.
 */
export function createSource({ size, acceptsCopies, ...known }: SourceOptions) {
  let { etag, path } = known
  return {
    size,

    ifRange: (url: string) => (etag !== null && pathOf(url) === path ? etag : null),

    /** Whether bytes of an answer with this ETag and total size belong to the file. */
    accepts(url: string, answer: { etag: string | null; total: number | null }) {
      if (answer.total !== null && answer.total !== size) return false
      const strong = answer.etag?.startsWith("W/") ? null : answer.etag
      const answerPath = pathOf(url)
      if (strong === null) return true
      if (etag !== null && strong !== etag && (!acceptsCopies || answerPath === path)) return false
      etag = strong
      path = answerPath
      return true
    },

    /** The values that another session needs to continue. */
    identity: () => ({ etag, path }),
  }
}

export type Source = ReturnType<typeof createSource>

/** Returns scheme, host and path, because the query of a signed URL differs each time. */
const pathOf = (url: string) => url.replace(/[?#].*/s, "")
