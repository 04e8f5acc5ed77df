"use client"

import { UserRoundX } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { FileRow } from "#components/files/file-row.tsx"
import { pathBelow, toSortedTree } from "#components/folders/folder.ts"
import { FolderTree } from "#components/folders/folder-tree.tsx"
import { Dotted } from "#components/lists/dotted.tsx"
import { useOwnerPath } from "#components/nav/owner.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { MenuItem } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FateRow } from "#lib/rooms/files/retention/keep-files.ts"
import type { DeliveryView, ReceivedFile, RequestView } from "#lib/rooms/requests/request.ts"
import { listAddress } from "#lib/web/list-address.ts"
import { FateBadge } from "../../files/fate-badge.tsx"
import { FileMenu } from "../../files/file-menu.tsx"
import type { ShareDialogs } from "../../shares/dialogs/use-share-dialogs.tsx"
import { sharedOf } from "../../shares/share-once.ts"
import { useSenderName } from "./use-sender-name.ts"
import { ZipButton } from "./zip-button.tsx"

const erasing = onDemand(() => import("#components/requests/delete-dialogs.tsx"))

/** A longer list of files is folded. */
const FEW_FILES = 8

/** What becomes of files, by id, and for how many days owners may keep them. */
type Fates = { fates: Map<string, FateRow>; keepDays: number | null; now: string }

type DeliveryProps = Fates & {
  delivery: DeliveryView
  request: RequestView
  dialogs: ShareDialogs
  onShare: () => void
  /** Whether the page shows no other, with a part of its files. */
  isAlone: boolean
}

/** A delivery: its sender, time, answers and files, with the actions on them. */
export function Delivery({
  delivery,
  request,
  dialogs,
  onShare,
  isAlone,
  ...fates
}: DeliveryProps) {
  const { now } = fates
  const t = useTranslations("member.requests.arrivals")
  const common = useTranslations("common")
  const locale = useLocale()
  const at = useOwnerPath()
  const [isErasing, setErasing] = useState(false)
  const keep = () => setErasing(false)
  const { part, loading } = useShownPart(erasing, isErasing, keep)
  const { name, address, recipient, startedAt, doneAt, erasedAt, files, fileCount } = delivery
  const isNamed = name !== "" || address !== "" || recipient !== null || !delivery.waitsForName
  const sender = useSenderName()(delivery)
  // New files stay marked while the page is open, although they count as seen from now on.
  const [seenAt] = useState(delivery.seenAt)
  const [newAtFirst] = useState(delivery.newFileCount)
  const listedNew = files.filter(({ arrivedAt }) => arrivedAt >= seenAt).length
  const count = Math.max(listedNew, newAtFirst)
  const isListed = files.length === fileCount
  const answers = Object.entries(delivery.fields)
  return (
    <li className="border-t border-line py-4">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-2">
        <div className="min-w-0 grow basis-64">
          <h3 className="flex flex-wrap items-center gap-x-2 font-semibold wrap-anywhere">
            <bdi className="min-w-0">{sender}</bdi>{" "}
            {count > 0 && <Badge tone="request">{t("new", { count })}</Badge>}{" "}
            {doneAt === null && isNamed && <Badge>{t("underWay")}</Badge>}
          </h3>
          <Dotted
            className="text-sm text-soft"
            items={[
              t.rich(doneAt ? "sent" : "began", {
                when: () => <LocalTime at={doneAt ?? startedAt} form="short" now={now} />,
              }),
              recipient && (name || address) && recipient !== name && !erasedAt && (
                <bdi>{t("linkOf", { recipient })}</bdi>
              ),
              address && name && (
                <a href={`mailto:${address}`} className="underline decoration-edge">
                  <bdi>{address}</bdi>
                </a>
              ),
              t("total", { count: fileCount }),
              formatBytes(delivery.totalBytes, locale),
            ]}
          />
          <Arriving delivery={delivery} sender={sender} />
        </div>
        <div className="flex shrink-0 items-center">
          <ZipButton request={request} delivery={delivery} />
          {(!isListed || sharedOf(files).length > 0) && (
            <Button
              variant="quiet"
              size="sm"
              pending={dialogs.creating}
              aria-label={`${t("share")}: ${sender}`}
              onPointerEnter={dialogs.preload}
              onFocus={dialogs.preload}
              onClick={onShare}
            >
              {t("share")}
            </Button>
          )}
          {erasedAt === null && (
            <RowMenu label={t("menuOf", { name: sender })}>
              <MenuItem tone="danger" icon={UserRoundX} onClick={() => setErasing(true)}>
                {t("erase")}
              </MenuItem>
            </RowMenu>
          )}
        </div>
      </div>
      {answers.length > 0 && (
        <dl className="mt-2 text-[0.9375rem]">
          {answers.map(([label, answer]) => (
            <div key={label} className="flex flex-wrap gap-x-2">
              <dt className="text-soft wrap-anywhere">
                <bdi>{label}</bdi>
              </dt>
              <dd className="min-w-0 whitespace-pre-line wrap-anywhere">
                <bdi>{answer}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {files.length > 0 && (
        <Files
          files={files}
          newSince={listedNew < files.length ? seenAt : null}
          sender={sender}
          folder={request.folder}
          {...fates}
        />
      )}
      {!isListed && !isAlone && (
        <TextLink href={listAddress(at(`/requests/${request.id}`), { delivery: delivery.id })}>
          {common("showFiles", { count: fileCount })}
        </TextLink>
      )}
      {part ? (
        <part.EraseDialog
          name={sender}
          delivery={delivery}
          folder={request.folder}
          open={isErasing}
          onClose={keep}
        />
      ) : (
        loading
      )}
    </li>
  )
}

/** What the sender has not sent completely, which the owner may end. Renders nothing without any. */
function Arriving({ delivery, sender }: { delivery: DeliveryView; sender: string }) {
  const t = useTranslations("member.requests.arrivals")
  const locale = useLocale()
  const toast = useToast()
  const { pending, run } = useToastedChange()
  const { id, arrivingFileCount: count, arrivingBytes } = delivery
  if (count === 0) return null
  return (
    <p className="-mb-2 flex flex-wrap items-center gap-x-1 text-sm text-soft">
      {t("arriving", { count, size: formatBytes(arrivingBytes, locale) })}
      <Button
        variant="text"
        size="sm"
        pending={pending}
        aria-label={t("endUploadsOf", { name: sender })}
        onClick={() =>
          run(
            () => ask("POST /deliveries/{id}/end-uploads", { id }),
            () => toast({ title: t("endedUploads"), tone: "ok" }),
          )
        }
      >
        {t("endUploads")}
      </Button>
    </p>
  )
}

type FilesProps = Fates & {
  files: ReceivedFile[]
  /** The time from which files are marked as new; null if all are. */
  newSince: string | null
  sender: string
  folder: string
}

function Files({ files, newSince, sender, folder, fates, keepDays, now }: FilesProps) {
  const t = useTranslations("member.requests.arrivals")
  const locale = useLocale()
  const common = useTranslations("common")
  const placed = files.map(({ path, ...file }) => ({ ...file, path: pathBelow(folder, path) }))
  const tree = (
    <div className="mt-3">
      <FolderTree
        tree={toSortedTree(placed)}
        label={t("filesOf", { name: sender })}
        row={(file) => (
          <FileRow
            key={file.id}
            file={file}
            badges={
              <>
                {newSince !== null && file.arrivedAt >= newSince && (
                  <Badge tone="request">{t("isNew")}</Badge>
                )}
                <FateBadge {...fates.get(file.id)} now={now} />
              </>
            }
            details={
              <span className="block text-sm text-soft">{formatBytes(file.size, locale)}</span>
            }
            menu={<FileMenu file={{ ...file, ...fates.get(file.id) }} keepDays={keepDays} />}
          />
        )}
      />
    </div>
  )
  if (files.length <= FEW_FILES) return tree
  return (
    <details>
      <summary className="mt-1 min-h-11 cursor-pointer rounded-md py-3 text-sm font-medium text-soft hover:text-ink">
        {common("showFiles", { count: files.length })}
      </summary>
      {tree}
    </details>
  )
}
