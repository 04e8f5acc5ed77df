import { useLocale, useTranslations } from "next-intl"
import type { FileView } from "#lib/files/file.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import type { ShareView } from "#lib/shares/share.ts"
import { filterFiles, SEARCH_ABOVE, toSortedTree } from "../folders/folder.ts"
import { FolderTree } from "../folders/folder-tree.tsx"
import { ListSearch } from "../list-search.tsx"
import { RefreshWhileArriving } from "../refresh-while-arriving.tsx"
import { Badge } from "../ui/badge.tsx"
import { classNames } from "../ui/class-names.ts"
import { FileKind } from "../ui/file-kind.tsx"
import { ArrivingBadge } from "./share-arrivals.tsx"

type ShareFilesProps = {
  share: ShareView
  /** By how many visitors each file was taken. */
  takers?: Map<string, number>
  /** What is searched for. */
  q: string
  /** The page's address. */
  path: string
}

/** The files of a share in their folders, those still uploading or abandoned among them. */
export function ShareFiles({ share, takers, q, path }: ShareFilesProps) {
  const t = useTranslations("member.share")
  const locale = useLocale()
  const { files, arrivingFileCount: arriving, abandonedFileCount: abandoned } = share
  const found = filterFiles(files, q)
  return (
    <section aria-labelledby="files">
      <div className="mb-1 flex min-h-9 items-center justify-between gap-3">
        <h2 id="files" className="text-note">
          {t("files", { count: share.fileCount - abandoned })}
        </h2>
        <span className="text-sm text-soft">{formatBytes(share.totalBytes, locale)}</span>
      </div>
      {files.length > SEARCH_ABOVE && (
        <div className="pb-2.5">
          <ListSearch path={path} label={t("searchLabel")} q={q} />
        </div>
      )}
      <p role="status" className="text-sm text-soft not-empty:pb-2">
        {q && t("found", { count: found.length, total: files.length })}
      </p>
      <p role="status" className="text-sm text-soft not-empty:pb-2">
        {arriving > 0 && t("arrivingText", { count: arriving })}
      </p>
      <FolderTree
        // A new search starts with its own open folders.
        key={q}
        tree={toSortedTree(found)}
        row={(file) => <Row key={file.id} file={file} takers={takers?.get(file.id) ?? 0} />}
        {...(q && { isOpen: () => found.length <= MAX_OPEN })}
      />
      <div className="border-t border-line" />
      {abandoned > 0 && (
        <p className="mt-2.5 text-sm text-soft">{t("abandonedText", { count: abandoned })}</p>
      )}
      {share.deletedFileCount > 0 && (
        <p className="mt-2.5 text-sm text-soft">
          {t("deleted", { count: share.deletedFileCount })}
        </p>
      )}
      <RefreshWhileArriving arriving={arriving} />
    </section>
  )
}

/** The folders of search results are open up to this number of files. */
const MAX_OPEN = 200

function Row({ file, takers }: { file: FileView; takers: number }) {
  const { id, name, size, status } = file
  const t = useTranslations("member.share")
  const bytes = formatBytes(size, useLocale())
  return (
    <li className="flex items-center gap-3 border-t border-line py-2.5">
      <FileKind name={name} />
      <span
        className={classNames("min-w-0 grow truncate", status === "abandoned" && "text-soft")}
        title={name}
      >
        <bdi>{name}</bdi>
      </span>
      {status === "uploading" && <ArrivingBadge fileId={id} />}
      {status === "abandoned" && <Badge>{t("abandoned")}</Badge>}
      <span className="shrink-0 text-end text-sm text-soft">
        {takers > 0 && (
          <span className="max-sm:block sm:after:content-['_·_']">
            {t("takenBy", { count: takers })}
          </span>
        )}
        {bytes}
      </span>
    </li>
  )
}
