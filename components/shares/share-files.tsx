import { useLocale, useTranslations } from "next-intl"
import type { FileView } from "#lib/files/file.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import type { ShareView } from "#lib/shares/share.ts"
import { partOf } from "../folders/folder.ts"
import { FolderTree } from "../folders/folder-tree.tsx"
import { RefreshWhileArriving } from "../refresh-while-arriving.tsx"
import { Badge } from "../ui/badge.tsx"
import { LinkButton } from "../ui/button.tsx"
import { classNames } from "../ui/class-names.ts"
import { FileKind } from "../ui/file-kind.tsx"
import { ArrivingBadge } from "./arriving-badge.tsx"

/** What a share holds, in folders, a part at a time when there are very many; what is on its way and what will never come. */
export function ShareFiles({ share, part: asked }: { share: ShareView; part: number }) {
  const t = useTranslations("member.share")
  const locale = useLocale()
  const { tree, part, parts, from, to } = partOf(share.files, asked)
  const { arrivingFileCount: arriving, abandonedFileCount: abandoned } = share
  return (
    <section aria-labelledby="files">
      <div className="mb-1 flex min-h-9 items-center justify-between gap-3">
        <h2 id="files" className="text-note">
          {t("files", { count: share.fileCount - abandoned })}
        </h2>
        <span className="text-sm text-soft">{formatBytes(share.totalBytes, locale)}</span>
      </div>
      <p role="status" className="text-sm text-soft not-empty:pb-2">
        {arriving > 0 && t("arrivingText", { count: arriving })}
      </p>
      <FolderTree tree={tree} row={(file) => <Row key={file.id} file={file} />} />
      <div className="border-t border-line" />
      {parts > 1 && (
        <nav aria-label={t("pagesLabel")} className="mt-3 flex items-center justify-between gap-3">
          <span className="text-sm text-soft">
            {t("pages", { from, to, total: share.files.length })}
          </span>
          <span className="flex gap-2">
            {part > 1 && (
              <LinkButton href={partHref(share, part - 1)} variant="quiet" size="sm" rel="prev">
                {t("previous")}
              </LinkButton>
            )}
            {part < parts && (
              <LinkButton href={partHref(share, part + 1)} variant="quiet" size="sm" rel="next">
                {t("next")}
              </LinkButton>
            )}
          </span>
        </nav>
      )}
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

const partHref = ({ id }: ShareView, part: number) => `/shares/${id}?part=${part}#files`

function Row({ file: { id, name, size, status } }: { file: FileView }) {
  const t = useTranslations("member.share")
  const bytes = formatBytes(size, useLocale())
  return (
    <li className="flex items-center gap-3 border-t border-line py-2.5">
      <FileKind name={name} />
      <span
        className={classNames("min-w-0 grow truncate", status === "abandoned" && "text-soft")}
        title={name}
      >
        {name}
      </span>
      {status === "uploading" && <ArrivingBadge fileId={id} />}
      {status === "abandoned" && <Badge>{t("abandoned")}</Badge>}
      <span className="shrink-0 text-sm text-soft">{bytes}</span>
    </li>
  )
}
