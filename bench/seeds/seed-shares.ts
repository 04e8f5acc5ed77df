import { setTimeout as sleep } from "node:timers/promises"
import { type FileView, type MemberClient, read, type ShareView } from "../../e2e/member-client.ts"

/** The kinds of pages that visitors see, by the content of the share or its condition. */
export type Kind = "1 file" | "50 files" | "300 files" | "locked" | "lapsed"

export type SeededShare = { id: string; path: string }

const LAPSES_AFTER_MS = 2000

/**
 * Creates shares of every kind by the API, as a member would: `count` of each, so that none of
 * their rows is hot. Shares of one kind contain the same files, in nested folders.
 */
export async function seedShares(
  member: MemberClient,
  count: number,
): Promise<Record<Kind, SeededShare[]>> {
  const [report] = await uploadAll(member, [{ name: "Quarterly report.pdf", path: "" }])
  const tree = await uploadAll(member, Array.from({ length: 300 }, placeInTree))
  const one = report ? [report] : []

  const make = async (files: string[], conditions: () => object = () => ({})) => {
    const shares: SeededShare[] = []
    for (let n = 0; n < count; n++) {
      const { id, url } = await read<ShareView>(
        await member.post("/shares", {
          fileIds: files,
          title: files.length > 1 ? "Everything for the audit" : "",
          message: "As promised. Please look at the figures of the second quarter first.",
          ...conditions(),
        }),
        201,
      )
      shares.push({ id, path: new URL(url).pathname })
    }
    return shares
  }
  const inAWhile = () => new Date(Date.now() + LAPSES_AFTER_MS).toISOString()
  const shares = {
    "1 file": await make(one),
    "50 files": await make(tree.slice(0, 50)),
    "300 files": await make(tree),
    locked: await make(one, () => ({ password: "a password of the bench" })),
    lapsed: await make(one, () => ({ expiresAt: inAWhile() })),
  }
  await sleep(LAPSES_AFTER_MS)
  return shares
}

/** The views counted so far on all these shares, as their member reads them. */
export async function countedViews(member: MemberClient, shares: SeededShare[]) {
  let views = 0
  for (const { id } of shares) {
    const share = await read<ShareView>(await member.get(`/shares/${id}`), 200)
    views += share.views
  }
  return views
}

/** Puts ten files into each folder, with folders two levels deep. */
function placeInTree(_: unknown, n: number) {
  const folder = Math.floor(n / 10)
  const year = 2022 + (folder % 5)
  const department = ["Sales", "Purchasing", "Wages", "Bank", "Taxes", "Contracts"]
  return {
    name: `Statement ${String(n + 1).padStart(3, "0")}.pdf`,
    path: `${department[Math.floor(folder / 5)]}/${year}`,
  }
}

/**
 * Uploads small files with these names, several at a time, and returns their ids in the same order.
 */
async function uploadAll(member: MemberClient, places: { name: string; path: string }[]) {
  const ids: string[] = []
  const AT_ONCE = 8
  for (let n = 0; n < places.length; n += AT_ONCE) {
    ids.push(...(await Promise.all(places.slice(n, n + AT_ONCE).map((at) => upload(member, at)))))
  }
  return ids
}

async function upload(member: MemberClient, { name, path }: { name: string; path: string }) {
  const body = `the bytes of ${path}/${name}`
  const started = await member.post("/files", {
    name,
    path,
    size: Buffer.byteLength(body),
    contentType: "application/pdf",
  })
  const { file, upload } = await read<{
    file: FileView
    upload: { url: string; headers: Record<string, string> }
  }>(started, 201)
  const put = await fetch(upload.url, { method: "PUT", headers: upload.headers, body })
  if (!put.ok) throw new Error(`The store answered ${put.status}: ${await put.text()}`)
  await read<FileView>(await member.post(`/files/${file.id}/complete`), 200)
  return file.id
}
