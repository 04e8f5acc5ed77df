"use client"

import type { ComponentProps, ReactNode } from "react"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import type { ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import { ExtendButton } from "./expiry/extend-button.tsx"
import { extensionOf } from "./expiry/extension.ts"
import { LapseLine } from "./expiry/share-lapse.tsx"
import { ShareRing } from "./share-ring.tsx"

type LinkPageProps = Pick<ComponentProps<typeof DetailHead>, "back" | "title" | "actions"> & {
  /** The share or request that the page is about. */
  of: Pick<
    ShareView,
    "id" | "status" | "createdAt" | "startsAt" | "expiresAt" | "revokedAt" | "revokedBy"
  >
  kind: ShareKind
  now: string
  maxShareDays: number | null
  /** Notices, and the strip of the link. */
  top: ReactNode
  /** The settings, beside the rest where there is room, and else below it. */
  settings: ReactNode
  /** The files, and what happened. */
  children: ReactNode
}

/** The page of a share or a request: its end and its link above its files. */
export function LinkPage(props: LinkPageProps) {
  const { of, kind, now, maxShareDays, top, settings, children, ...head } = props
  return (
    <>
      <DetailHead
        {...head}
        sign={<ShareRing share={of} now={now} size={44} />}
        line={
          <LapseLine
            share={of}
            now={now}
            extend={
              extensionOf(of, new Date(now), maxShareDays) && (
                <ExtendButton share={of} kind={kind} now={now} maxShareDays={maxShareDays} />
              )
            }
          />
        }
      />
      {top}
      <div className="mt-8 grid gap-x-11 gap-y-10 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-y-10">{children}</div>
        {settings}
      </div>
    </>
  )
}
