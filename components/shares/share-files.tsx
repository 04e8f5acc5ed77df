import { ChevronRight } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { FileRow } from "#components/files/file-row.tsx"
import { Dotted } from "#components/lists/dotted.tsx"
import { ListSearch } from "#components/lists/list-search.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import {
  isOnlyChecked,
  type SharedFile,
  type SharedFiles,
} from "#lib/rooms/shares/list/shared-files.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { listAddress } from "#lib/web/list-address.ts"
import { type FilesPage, restOf, toFilesPage } from "../folders/files-page.ts"
import { type Folder, listsSome, SEARCH_ABOVE } from "../folders/folder.ts"
import { FolderTree } from "../folders/folder-tree.tsx"
import { Badge } from "../ui/badge.tsx"
import { TextLink } from "../ui/text-link.tsx"
import { ArrivingBadge } from "./activity/share-arrivals.tsx"

type ShareFilesProps = {
  share: ShareView
  listed: SharedFiles
  /** The number of visitors who downloaded each file, by file id. */
  takers?: Map<string, number>
  /** The search text, and the cursor after which the list begins. Both are "" for none. */
  q: string
  after: string
  /** The path of the page. */
  path: string
  /** Shows on a file's row when the file is deleted or that it is kept. */
  badge?: (file: SharedFile) => ReactNode
  /** The owner's actions on a file, and the one beside the heading. */
  menu?: (file: SharedFile) => ReactNode
  aside?: ReactNode
}

/** The files of a share by folder, including unfinished and abandoned uploads. */
export function ShareFiles(props: ShareFilesProps) {
  const { share, listed, takers, q, after, path, badge, menu, aside } = props
  const t = useTranslations("member.share")
  const locale = useLocale()
  const { fileCount, arrivingFileCount: arriving, abandonedFileCount: abandoned } = share
  const page = toFilesPage(listed)
  const hrefAfter = (after: string | null) => `${listAddress(path, { q, after })}#files`
  return (
    <section aria-labelledby="files" className="relative">
      <details open={q !== "" || after !== "" || fileCount <= FEW_FILES} className="group">
        <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2.5 rounded-md [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            size={16}
            className="shrink-0 text-soft group-open:rotate-90 rtl:-scale-x-100"
          />
          <h2 id="files" className="text-note">
            {t("files", { count: fileCount - abandoned })}
          </h2>
          <span className="text-sm text-soft">{formatBytes(share.totalBytes, locale)}</span>
        </summary>
        {fileCount > SEARCH_ABOVE && (
          <div className="py-2.5">
            <ListSearch path={path} label={t("searchLabel")} q={q} />
          </div>
        )}
        <p role="status" className="text-sm text-soft not-empty:pb-2">
          {q && t("found", { count: listed.found, total: fileCount })}
        </p>
        <p role="status" className="text-sm text-soft not-empty:pb-2">
          {arriving > 0 && t(arrivingTextOf(listed, arriving), { count: arriving })}
        </p>
        <FolderTree
          // A new search starts with its default open folders.
          key={`${q} ${after}`}
          tree={page.tree}
          row={(file) => (
            <Row
              key={file.id}
              file={file}
              takers={takers?.get(file.id) ?? 0}
              badge={badge?.(file)}
              menu={menu?.(file)}
            />
          )}
          more={(folder) => <FolderRest folder={folder} page={page} hrefAfter={hrefAfter} />}
          {...((q || after) && { isOpen: listsSome })}
        />
        <div className="border-t border-line" />
        <Pager
          className="mt-5"
          at={after || undefined}
          page={{ nextCursor: page.hasMore ? (page.last?.id ?? null) : null }}
          href={hrefAfter}
        />
      </details>
      {aside && <div className="absolute end-0 top-1">{aside}</div>}
      {abandoned > 0 && (
        <p className="mt-2.5 text-sm text-soft">{t("abandonedText", { count: abandoned })}</p>
      )}
      {share.deletedFileCount > 0 && (
        <p className="mt-2.5 text-sm text-soft">
          {t("deleted", { count: share.deletedFileCount })}
        </p>
      )}
      <RefreshWhile what="arriving" left={arriving} />
    </section>
  )
}

function arrivingTextOf({ files, counts }: SharedFiles, arriving: number) {
  if (counts.paused === arriving) return "pausedText"
  return isOnlyChecked(files) ? "checkingText" : "arrivingText"
}

/** A share with more files than this shows its folders collapsed at first. */
const FEW_FILES = 20

type RowProps = { file: SharedFile; takers: number; badge: ReactNode; menu: ReactNode }

function Row({ file, takers, badge, menu }: RowProps) {
  const { id, size, status, isPaused } = file
  const t = useTranslations("member.share")
  const bytes = formatBytes(size, useLocale())
  return (
    <FileRow
      file={file}
      isOwn={menu !== undefined}
      badges={
        <>
          {status === "uploading" && <ArrivingBadge fileId={id} isPaused={isPaused} />}
          {status === "abandoned" && <Badge>{t("abandoned")}</Badge>}
          {badge}
        </>
      }
      details={
        <Dotted
          className="text-sm text-soft"
          items={[bytes, takers > 0 && t("takenBy", { count: takers })]}
        />
      }
      menu={menu}
    />
  )
}

type FolderRestProps = {
  folder: Folder<SharedFile>
  page: FilesPage<SharedFile>
  hrefAfter: (after: string) => string
}

/** Links to the files of a folder that the page does not list. */
function FolderRest({ folder, page, hrefAfter }: FolderRestProps) {
  const t = useTranslations("common")
  const { after, what } = restOf(folder, page)
  const text = {
    all: t("showFiles", { count: folder.unlisted }),
    next: t("moreFiles"),
    first: t("filesBefore"),
  }
  return (
    <TextLink href={hrefAfter(after)} className="font-semibold">
      {text[what]}
    </TextLink>
  )
}
