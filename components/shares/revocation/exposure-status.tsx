"use client"

import { LoaderCircle } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useRef, useState } from "react"
import { useChange } from "#components/calls/use-call.ts"
import { CutOffDetails } from "#components/cut-offs/cut-off-details.tsx"
import { CutOffSentence } from "#components/cut-offs/cut-off-sentence.tsx"
import { CutOffSign } from "#components/cut-offs/cut-off-sign.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { LocalTime, useNow } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { Ring } from "#components/ui/ring/ring.tsx"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** After this time a running cut off may be waiting, and the page offers to copy objects. */
const LONG_MS = 3_000

type RevocationStatusProps = {
  share: ShareView
  now: string
  /** Cuts off the URLs handed out before; null if the reader may not do that. */
  cutOff: (() => Promise<unknown>) | null
  /** The owner's name, if the reader is not the owner. */
  owner?: string
}

/** Who revoked a share and why, the state of its URLs, and a button that cuts them off. */
export function ExposureStatus({ share, now, cutOff, owner }: RevocationStatusProps) {
  const t = useTranslations("member.share")
  const { status, revokedAt, revokedBy, revokeReason, exposedUntil } = share
  const [first] = useState(finishOf(share))
  if (status !== "revoked" && !exposedUntil && !share.cutOff) return null
  return (
    <Notice className="mb-8">
      {status === "revoked" && (
        <div className="not-last:mb-3 not-last:border-b not-last:border-[color-mix(in_srgb,var(--color-edge)_35%,transparent)] not-last:pb-3">
          <p>
            {t.rich(revokedBy?.admin ? "revokedByAdmin" : owner ? "revokedByOwner" : "revokedBy", {
              name: (revokedBy?.admin ? revokedBy.name : owner) ?? "",
              when: () => <LocalTime at={revokedAt ?? now} now={now} />,
            })}
          </p>
          {revokeReason && (
            <p className="mt-1 wrap-anywhere">{t("reason", { reason: revokeReason })}</p>
          )}
        </div>
      )}
      {(exposedUntil || share.cutOff) && (
        <Addresses share={share} now={now} cutOff={cutOff} isNew={finishOf(share) !== first} />
      )}
    </Notice>
  )
}

/** Returns when the share's cut off finished; null if none did. */
const finishOf = ({ cutOff }: ShareView) => (cutOff?.state === "done" ? cutOff.doneAt : null)

type AddressesProps = Omit<RevocationStatusProps, "owner"> & {
  /** Whether the cut off finished while the page was open. */
  isNew: boolean
}

/** The state of the URLs, which changes while the page is open. */
function Addresses({ share, now, cutOff, isNew }: AddressesProps) {
  const t = useTranslations("member.share")
  const words = useTranslations("common.cutOff")
  const place = useRef<HTMLDivElement>(null)
  const { run, pending, refused } = useChange()
  const clock = useNow(now, 500)
  const running = share.cutOff?.state === "running"
  const until = share.exposedUntil && new Date(share.exposedUntil)
  const leftMs = until ? Math.max(0, until.getTime() - clock.getTime()) : 0
  const exposed = leftMs > 0
  const open = exposed && (!share.cutOff || (running && isLong(share.cutOff, clock)))
  const mayCopy = running && share.status === "revoked"
  return (
    <div className="flex items-start gap-4">
      <Sign share={share} leftMs={leftMs} isNew={isNew} />
      <div className="min-w-0 grow">
        <div ref={place} tabIndex={-1} role="status" className="outline-hidden">
          {share.cutOff && !running ? (
            <Closed share={share} cutOff={share.cutOff} />
          ) : share.cutOff ? (
            <Running cutOff={share.cutOff} until={exposed ? share.exposedUntil : null} />
          ) : exposed ? (
            <Exposed share={share} />
          ) : (
            t("exposureOver")
          )}
        </div>
        {(exposed || share.cutOff?.state === "done") && (
          <p className="mt-1 text-sm text-soft">{words("downloadsGoOn")}</p>
        )}
        {share.cutOff && <CutOffDetails cutOff={share.cutOff} />}
        {cutOff && open && (!running || mayCopy) && (
          <div className="mt-3">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <Button
                variant="danger"
                size="sm"
                pending={pending}
                onClick={() => run(cutOff, () => place.current?.focus())}
              >
                {t(running ? "copyNow" : "cutOffNow")}
              </Button>
              {!running && (
                <span className="min-w-0 grow basis-60 text-sm text-soft">{t("cutOffText")}</span>
              )}
            </div>
            {refused && <ActionError className="mt-2">{refused.message}</ActionError>}
          </div>
        )}
      </div>
      <RefreshWhile what="cutOff" left={running} />
    </div>
  )
}

const isLong = ({ requestedAt }: CutOffView, clock: Date) =>
  clock.getTime() - new Date(requestedAt).getTime() > LONG_MS

const SIGN = 40

/** A ring that empties with the remaining seconds, or the state of the cut off. */
function Sign({ share, leftMs, isNew }: { share: ShareView; leftMs: number; isNew: boolean }) {
  const [longest] = useState(() => Math.max(leftMs, share.mintTtlSeconds * 1_000))
  if (share.cutOff?.state === "done") return <CutOffSign cutOff={share.cutOff} isNew={isNew} />
  if (share.cutOff?.state === "running") {
    return (
      <LoaderCircle aria-hidden size={28} className="m-1.5 shrink-0 animate-spin text-accent" />
    )
  }
  return (
    <div aria-hidden className="relative shrink-0">
      <Ring
        size={SIGN}
        state={leftMs > 0 ? "open" : "over"}
        fraction={leftMs / longest}
        className="[&_circle:first-child]:stroke-[color-mix(in_srgb,var(--color-edge)_45%,transparent)]"
      />
      <span
        className="absolute inset-0 grid place-items-center text-xs font-semibold"
        suppressHydrationWarning
      >
        {leftMs > 0 && Math.ceil(leftMs / 1_000)}
      </span>
    </div>
  )
}

/** "Closed at 14:02:20." if the time is known, and the time until which a URL may still work. */
function Exposed({ share }: { share: ShareView }) {
  const t = useTranslations("member.share")
  const closedAt = closingOf(share)
  const until = () => <Clock at={share.exposedUntil ?? ""} />
  return (
    <p>
      {closedAt && t.rich("closedAt", { when: () => <Clock at={closedAt} /> })}{" "}
      {t.rich(closedAt ? "exposed" : "exposedByChange", { until })}
    </p>
  )
}

function Running({ cutOff, until }: { cutOff: CutOffView; until: string | null }) {
  const t = useTranslations("member.share")
  return (
    <p>
      <CutOffSentence cutOff={cutOff} />{" "}
      {until && t.rich("runningUntil", { until: () => <Clock at={until} /> })}
    </p>
  )
}

/** When the share was closed and cut off, and the result. */
function Closed({ share, cutOff }: { share: ShareView; cutOff: CutOffView }) {
  const t = useTranslations("member.share")
  return (
    <p>
      <span className="block text-sm text-soft">{timesOf(share, cutOff, t)}</span>{" "}
      <span className="block text-note">
        <CutOffSentence cutOff={cutOff} />
      </span>
    </p>
  )
}

type Words = ReturnType<typeof useTranslations<"member.share">>

/** Returns both times if the cut off was requested after the revocation, otherwise one. */
function timesOf(share: ShareView, { requestedAt }: CutOffView, t: Words): ReactNode {
  const closedAt = closingOf(share)
  const cut = () => <Clock at={requestedAt} />
  if (!closedAt) return t.rich("cutOffAt", { cut })
  if (new Date(requestedAt).getTime() - new Date(closedAt).getTime() < 1_000) {
    return t.rich("closedAt", { when: () => <Clock at={closedAt} /> })
  }
  return t.rich("closedAndCutOffAt", { closed: () => <Clock at={closedAt} />, cut })
}

/** Returns when a revoked or expired share ended; null for a share that was only changed. */
const closingOf = ({ status, revokedAt, expiresAt }: ShareView) =>
  status === "revoked" ? revokedAt : status === "expired" ? expiresAt : null

const Clock = ({ at }: { at: string }) => <LocalTime at={at} form="clock" />
