import type { Address } from "#packages/downloader/fetching/download-addresses.ts"
import type { ArchiveFile } from "#visitor/zip/zip-job.ts"
import type { Claimed } from "./claim-urls.ts"

/**
 * The limits of a batch of URLs: the next files in order, up to this number and this size. Mints
 * are rate-limited by ticket, so small files share one; unused URLs expire, so large files get
 * separate ones.
 */
const MAX_FILES = 200
const MAX_BYTES = 1024 ** 3

export type UrlSupply = {
  /**
   * Returns a URL of this file that is valid for some more seconds and is not the refused one. Null
   * if the app refuses only this file.
   */
  addressOf: (id: string, refused?: string) => Promise<Address | null>
  /** Reports that a file is fetched and needs no more URLs. */
  drop: (id: string) => void
}

type Known = { url: string; until: number }
type Renewal = { ids: Set<string>; done: Promise<void> }

/** Keeps the URLs of a claim, and mints in batches those that expire before they are used. */
export function createUrlSupply(
  files: readonly ArchiveFile[],
  claimed: Claimed,
  claim: (fileIds: string[]) => Promise<Claimed | null>,
  now = () => performance.now(),
): UrlSupply {
  const urls = new Map<string, Known>()
  /** The files that need a URL and can get one. */
  const open = new Set(files.map(({ id }) => id))
  const placeOf = new Map(files.map(({ id }, place) => [id, place]))
  let renewal: Renewal | undefined

  const keep = ({ files, until }: Claimed) => {
    for (const { id, url } of files) if (open.has(id)) urls.set(id, { url, until })
  }
  keep(claimed)

  const mint = async (ids: string[]) => {
    for (const id of ids) urls.delete(id)
    const answer = await claim(ids)
    if (answer) keep(answer)
    // Files missing from the answer are deleted.
    for (const id of ids) if (!urls.has(id)) open.delete(id)
  }

  const renew = (id: string): Renewal => {
    const ids = batchFrom(files, placeOf.get(id) ?? 0, (file) => open.has(file.id))
    const done = mint(ids).finally(() => {
      renewal = undefined
    })
    return { ids: new Set(ids), done }
  }

  const addressIn = (known: Known | undefined): Address | null =>
    known ? { url: known.url, expiresAt: Date.now() + known.until - now() } : null

  return {
    async addressOf(id, refused) {
      const usable = () => {
        const known = urls.get(id)
        return known && known.url !== refused && known.until > now() ? addressIn(known) : null
      }
      while (usable() === null && open.has(id)) {
        const running = renewal
        if (running && !running.ids.has(id)) {
          await running.done
          continue
        }
        renewal = running ?? renew(id)
        await renewal.done
        // A fresh URL is used whatever its lifetime.
        return addressIn(urls.get(id))
      }
      return usable()
    },
    drop(id) {
      open.delete(id)
      urls.delete(id)
    },
  }
}

/** The ids of the files to mint for together, from this place. */
export function batchFrom(
  files: readonly ArchiveFile[],
  from = 0,
  isOpen: (file: ArchiveFile) => boolean = () => true,
): string[] {
  const ids: string[] = []
  let bytes = 0
  for (let place = from; place < files.length && ids.length < MAX_FILES; place++) {
    const file = files[place]
    if (!file || (place > from && !isOpen(file))) continue
    if (ids.length > 0 && bytes + file.size > MAX_BYTES) break
    ids.push(file.id)
    bytes += file.size
  }
  return ids
}
