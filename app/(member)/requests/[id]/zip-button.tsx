"use client"

import { FolderDown } from "lucide-react"
import { useTranslations } from "next-intl"
import { ApiError } from "#components/calls/api-call.ts"
import { useOwnZip } from "#components/files/own-files.tsx"
import { pathBelow } from "#components/folders/folder.ts"
import { listAllDeliveries, withAllFiles } from "#components/requests/list-deliveries.ts"
import { Button } from "#components/ui/button.tsx"
import type { DeliveryView, RequestView } from "#lib/rooms/requests/request.ts"
import { useSenderName } from "./use-sender-name.ts"

type ZipButtonProps = {
  request: RequestView
  /** The files of one sender; without it those of all senders, each in a folder. */
  delivery?: DeliveryView | undefined
}

/** Downloads what came in, as far as it is ready, as one ZIP. Offered for several files. */
export function ZipButton({ request, delivery }: ZipButtonProps) {
  const t = useTranslations("member.requests.arrivals")
  const senderName = useSenderName()
  const zip = useOwnZip()

  const isListed = delivery?.files.length === delivery?.fileCount
  const count = delivery
    ? isListed
      ? delivery.files.filter(isReady).length
      : delivery.fileCount
    : request.fileCount - request.arrivingFileCount
  if (!zip || count < 2) return null
  const { isRunning, preload, download } = zip
  const { id, title, folder } = request
  const sender = delivery && senderName(delivery)
  const label = sender === undefined ? t("zip") : t("zipOf", { name: sender })

  async function list() {
    // The oldest first, so that a folder keeps its name when more come in.
    const all = delivery
      ? [await withAllFiles(id, delivery)]
      : (await listAllDeliveries(id)).reverse()
    const deliveries = all.filter((each) => delivery || !each.waitsForName)
    const count = deliveries.flatMap(({ files }) => files.filter((file) => !isReady(file))).length
    const unnamed = all.length - deliveries.length
    const folders = deliveries.map((each) => ({
      name: delivery ? "" : senderName(each),
      files: each.files
        .filter(isReady)
        .map(({ path, ...file }) => ({ ...file, path: pathBelow(folder, path) })),
    }))
    const notes = [
      ...(count > 0 ? [t("zipWithout", { count })] : []),
      ...(unnamed > 0 ? [t("zipUnnamed", { count: unnamed })] : []),
    ]
    const note = notes.join(" ")
    if (folders.every(({ files }) => files.length === 0)) throw new ApiError("not_ready", note)
    return { folders, note }
  }

  return (
    <Button
      variant="text"
      size="sm"
      className={delivery && "max-sm:-ms-3.25"}
      disabled={isRunning}
      aria-label={label}
      title={label}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={() => download({ title: sender ? `${title} – ${sender}` : title, list })}
    >
      {delivery ? <FolderDown aria-hidden size={18} /> : t("zip")}
    </Button>
  )
}

const isReady = ({ status }: DeliveryView["files"][number]) => status === "ready"
