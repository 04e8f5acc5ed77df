"use client"

import Link from "next/link"
import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useCall } from "#components/calls/use-call.ts"
import { useOwnerPath } from "#components/nav/owner.ts"
import { shareName } from "#components/shares/share-name.ts"
import { Skeleton } from "#components/ui/skeleton.tsx"
import type { ShareOfFiles } from "#lib/rooms/shares/list/list-shares.ts"

const MAX_SHARES = 5

type Found = { items: ShareOfFiles[]; total: number; emptied: number }

type SharesOfFilesProps = {
  fileIds: string[]
  /** Shown when no share contains any of the files. */
  none: string
  /** The heading above the shares, for their number. */
  some: (count: number) => string
  /** The sentence for the number of shares that contain no other files. */
  emptied?: (count: number) => string
}

/** The shares that contain any of these files. Fetched once, so the `key` must be the file ids. */
export function SharesOfFiles({ fileIds, none, some, emptied }: SharesOfFilesProps) {
  const t = useTranslations("member.files")
  const words = useTranslations("member.shares")
  const [found, setFound] = useState<Found | null>(null)
  const at = useOwnerPath()
  const { run, refused } = useCall()
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once: the key is the file ids
  useEffect(
    () =>
      run(() => ask("POST /shares/holding", { body: { fileIds, limit: MAX_SHARES } }), setFound),
    [],
  )

  if (refused) return <p className="text-sm text-soft">{refused.message}</p>
  if (!found) return <Skeleton className="h-5 w-3/5" />
  if (found.total === 0) return <p className="text-sm">{none}</p>
  const more = found.total - found.items.length
  return (
    <div className="text-sm">
      <p>{some(found.total)}</p>
      <ul className="mt-2 border-t border-line">
        {found.items.map(({ id, status, ...share }) => (
          <li key={id} className="flex justify-between gap-3 border-b border-line py-2">
            <Link
              href={at(`/shares/${id}`)}
              prefetch={false}
              className="min-w-0 truncate underline"
            >
              {shareName(share, words)}
            </Link>
            <span className="shrink-0 text-soft">{words(`status.${status}`)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="mt-2 text-soft">{t("moreShares", { count: more })}</p>}
      {emptied && found.emptied > 0 && <p className="mt-2">{emptied(found.emptied)}</p>}
    </div>
  )
}
