"use client"

import { Upload } from "lucide-react"
import Link from "next/link"
import { usePathname, useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useCallback, useEffect } from "react"
import { poll } from "#components/calls/poll.ts"
import { askSession, reportSessionEnded, useSessionEnd } from "#components/calls/session-ended.ts"
import { useOwnerPath, useTeam } from "#components/nav/owner.ts"
import type { ShownTeam } from "#components/nav/owner-switch.tsx"
import { useStore } from "#components/store.ts"
import { forgetAllTyped } from "#components/ui/dialogs/typed-fields.ts"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import { Ring } from "#components/ui/ring/ring.tsx"
import { placedIn } from "#components/upload/picking/placed-in.ts"
import { useDropAndPaste } from "#components/upload/picking/use-drop-and-paste.ts"
import { assignTabTo, tabUploader, uploadTeams } from "#components/upload/tab-uploader.ts"
import { drawPdfsBy } from "#components/upload/thumbnails/draw-thumbnail.ts"
import { usePendingThumbnails } from "#components/upload/thumbnails/pending-thumbnails.ts"
import { useMissingThumbnails } from "#components/upload/thumbnails/use-missing-thumbnails.ts"
import { useUploads, useUploadsOf } from "#components/upload/use-uploads.ts"
import { ownerPath } from "#lib/adapters/http/owner-path.ts"
import type { ViewerFiles } from "#lib/rooms/files/reads/own-scripts.ts"
import { takenUploads, type UploadSource } from "#packages/uploader/upload.ts"
import { addDrop, clearDrops } from "./drops.ts"
import { useDrops } from "./use-drops.ts"

/** Loaded when a different file has the name of an upload. */
const question = onDemand(() => import("./taken-dialog.tsx"))

const PAGES_WITH_UPLOADS = ["/shares", "/files"] as const
const NONE: readonly (string | null)[] = []

type UploadHostProps = {
  member: { id: string; name: string }
  teams: readonly ShownTeam[]
  pdf: ViewerFiles["pdf"] | undefined
}

/** Takes files dropped or pasted on any page, and shows progress where no upload panel does. */
export function UploadHost({ member, teams, pdf }: UploadHostProps) {
  const { id: memberId } = member
  const path = usePathname()
  const team = useTeam()
  const at = useOwnerPath()
  const showsUploads = PAGES_WITH_UPLOADS.some((page) => path === ownerPath(team, page))
  const isFiles = path === at("/files")
  useOpenCards(!showsUploads)

  useEffect(() => {
    if (assignTabTo(memberId)) {
      clearDrops()
      forgetAllTyped()
    }
    void tabUploader(team).loadUnfinished()
  }, [memberId, team])
  useEffect(() => drawPdfsBy(pdf), [pdf])
  useMissingThumbnails("any")

  const add = useCallback(
    (sources: UploadSource[]) => {
      if (sources.length === 0) return
      // Files dropped on the page of files get no link, and go to the folder that is shown.
      if (isFiles) {
        const folder = new URLSearchParams(location.search).get("path") ?? ""
        return void tabUploader().add(placedIn(folder, sources))
      }
      addDrop(sources)
    },
    [isFiles],
  )
  const isHovering = useDropAndPaste(add)

  return (
    <>
      {isHovering && <DropOverlay />}
      <ProgressPills
        owners={[{ slug: null, name: member.name }, ...teams]}
        isShown={showsUploads}
      />
      <TakenQuestion />
    </>
  )
}

/** Asks what to do with uploads whose names are taken. */
function TakenQuestion() {
  const taken = takenUploads(useUploads().uploads)
  const { part, loading } = useShownPart(question, taken.length > 0)
  return part ? <part.TakenDialog uploads={taken} /> : loading
}

/** How long until the app is asked again if it did not answer, in milliseconds. */
const ASK_MS = 3_000

/** Opens the page with the cards of new drops once the app answers; a reload ends uploads. */
function useOpenCards(isElsewhere: boolean) {
  const router = useRouter()
  const team = useTeam()
  const hasSessionEnded = useSessionEnd() !== null
  const isWaiting = useDrops().drops.some(({ isShown }) => !isShown)
  useEffect(() => {
    if (!isElsewhere || !isWaiting || hasSessionEnded) return
    const { pollNow, stop } = poll({ first: () => ASK_MS, most: ASK_MS }, async () => {
      const holds = await askSession()
      if (holds === null) return false
      stop()
      if (holds) router.push(ownerPath(team, "/shares"))
      else void reportSessionEnded()
      return true
    })
    pollNow()
    return stop
  }, [router, team, isElsewhere, isWaiting, hasSessionEnded])
}

/** The drop zone, which covers the whole window. */
function DropOverlay() {
  const t = useTranslations("member.upload")
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed inset-0 z-70 bg-[color-mix(in_srgb,var(--color-paper)_88%,transparent)] p-4"
    >
      <div className="grid h-full place-content-center justify-items-center gap-4 rounded-2xl border-2 border-dashed border-accent bg-wash transition-[height] duration-150 starting:h-20">
        <Upload size={44} strokeWidth={1.5} className="text-accent" />
        <p className="text-xl font-semibold tracking-[-0.015em]">{t("dropNow")}</p>
      </div>
    </div>
  )
}

type PillsProps = {
  owners: readonly { slug: string | null; name: string }[]
  /** Whether the page shows the uploads of its owner. */
  isShown: boolean
}

/** The progress of uploads that the page does not show, for each owner a link to its page. */
function ProgressPills({ owners, isShown }: PillsProps) {
  const t = useTranslations("member.upload")
  const team = useTeam()
  const started = useStore(uploadTeams, NONE)
  const elsewhere = owners.filter(
    ({ slug }) => started.includes(slug) && !(isShown && slug === team),
  )
  if (elsewhere.length === 0) return null
  return (
    <aside
      aria-label={t("panel")}
      className="pointer-events-none fixed end-4 bottom-22 z-30 flex flex-col items-end gap-2 *:pointer-events-auto md:end-6 md:bottom-6"
    >
      {elsewhere.map(({ slug, name }) => (
        <ProgressPill key={slug} team={slug} {...(slug !== team && { owner: name })} />
      ))}
    </aside>
  )
}

/** The progress of an owner's uploads; `owner` is its name where another's pages are shown. */
function ProgressPill({ team, owner }: { team: string | null; owner?: string }) {
  const t = useTranslations("member.upload")
  const { uploads, totals } = useUploadsOf(team)
  const arePreviewsPending = usePendingThumbnails(uploads)
  if (totals.count === 0) return null
  const fraction = totals.sizeBytes > 0 ? totals.sentBytes / totals.sizeBytes : 1
  const text =
    totals.active > 0
      ? t("beacon", { count: totals.active, percent: fraction })
      : arePreviewsPending
        ? t("previewsPending")
        : t("beaconDone", { stored: totals.stored, failed: totals.failed })
  return (
    <Link
      href={ownerPath(team, "/shares")}
      prefetch={false}
      className="flex max-w-full items-center gap-2.5 rounded-full bg-raised py-2 pe-4 ps-2.5 text-sm font-semibold shadow-raised inset-ring inset-ring-line hover:bg-selected"
    >
      <Ring fraction={fraction} size={22} />
      {owner === undefined ? text : t("beaconOf", { owner, text })}
    </Link>
  )
}
