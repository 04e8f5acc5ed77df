import { db } from "#lib/adapters/database.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import type { ShareInput, ShareView } from "#lib/rooms/shares/share.ts"
import type { SampleMember } from "./sample-members.ts"
import { askFor, type SampleVisit, visit } from "./sample-visits.ts"

type Sample = {
  input: ShareInput
  /** The age of the share in days. */
  days?: number
  visits?: SampleVisit[]
  end?: (share: ShareView) => Promise<unknown>
}

/** Creates shares of every status, with the oldest visits first. */
export async function makeShares(owner: SampleMember, files: FileView[]): Promise<void> {
  for (const { input, days = 0, visits = [], end } of samples(owner, files)) {
    const share = await createShare(owner, { expiresAt: inDays(14), ...input })
    await makeOlder(share, days)
    for (const each of visits) await visit(share, each)
    await end?.(share)
  }
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

function samples({ owner }: SampleMember, files: FileView[]): Sample[] {
  const idsOf = (part: string) =>
    files.filter(({ name }) => name.includes(part)).map(({ id }) => id)
  return [
    {
      input: {
        title: "Last season",
        fileIds: idsOf("Harbour at"),
      },
      days: 40,
      visits: [900, 800, 700].map((hours, browser) => ({ hours, browser, takes: "all" })),
      end: expire,
    },
    {
      input: {
        title: "Photos for the brochure",
        message: "Please choose three of them by Friday.",
        fileIds: idsOf(".png"),
      },
      days: 29,
      visits: CAMPAIGN,
    },
    {
      input: { title: "Tides in June", fileIds: idsOf("Tides"), maxDownloads: 2 },
      days: 12,
      visits: [240, 200].map((hours, browser) => ({ hours, browser, takes: "all" })),
    },
    {
      input: { title: "Wrong report", fileIds: idsOf("report") },
      days: 9,
      visits: [{ hours: 190, browser: 1 }],
      end: ({ id }) => revokeShare(owner, id),
    },
    {
      input: { title: "Annual report", fileIds: idsOf("report"), maxDownloads: 10 },
      days: 6,
      visits: [100, 49, 5].map((hours, browser) => ({ hours, browser, takes: "all" })),
    },
    {
      input: {
        title: "Draft of the brochure",
        fileIds: idsOf("Brochure"),
        viewOnly: true,
        watermark: true,
      },
      days: 4,
      visits: [70, 3].map((hours, browser) => ({ hours, browser, looksAt: [0] })),
    },
    {
      input: { title: "Minutes", fileIds: idsOf("Minutes"), password: "harbour" },
      days: 2,
      visits: [{ hours: 20, browser: 3 }],
    },
    {
      input: {
        title: "Tides for scripts",
        fileIds: idsOf("Tides"),
        direct: true,
        expiresAt: null,
      },
      days: 1,
    },
    { input: { title: "Next season", folder: "Harbour/Photos", startsAt: inDays(3) } },
    {
      input: { title: "Sent to the wrong list", fileIds: idsOf("report") },
      visits: [{ hours: 0, browser: 0, takes: "all" }],
      end: ({ id }) => revokeShare(owner, id, { cutOff: true }),
    },
  ]
}

/** Visits over four weeks by people, some of them from another site, and by bots. */
const CAMPAIGN = Array.from({ length: 36 }, (_, n): SampleVisit => {
  const hours = 674 - n * 19 + (n % 5) * 2
  if (n % 9 === 4) return { hours, browser: "bot" }
  return {
    hours,
    browser: n,
    ...(n % 3 === 0 ? { from: "https://mail.example.org/" } : {}),
    ...(n % 2 === 0 ? { takes: n % 4 === 0 ? "all" : [n % 5] } : {}),
    ...(n % 3 === 1 ? { looksAt: [n % 5] } : {}),
  }
})

/** Makes a share's link expire two days ago, and a visitor request it. */
async function expire(share: ShareView) {
  await db.share.update({ where: { id: share.id }, data: { expiresAt: inDays(-2) } })
  await askFor(share, "I missed the photos. Could you open it once more?")
}

async function makeOlder({ id }: ShareView, days: number) {
  await db.$executeRaw`
    UPDATE share SET created_at = created_at - make_interval(days => ${days}::int)
    WHERE id = ${id}::uuid`
  await db.$executeRaw`
    UPDATE share_file SET added_at = added_at - make_interval(days => ${days}::int)
    WHERE share_id = ${id}::uuid`
}
