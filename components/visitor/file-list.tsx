import { Folder } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { formatBytes } from "#components/format-bytes.ts"
import { buttonClass } from "#components/ui/button.tsx"
import { FileKind } from "#components/ui/file-kind.tsx"
import { FileName } from "#components/ui/file-name.tsx"
import type { LinkFile } from "#lib/claims/link-page.ts"
import { DownloadForm } from "./download-form.tsx"
import { filesByFolder } from "./files-by-folder.ts"

type FileListProps = { token: string; files: LinkFile[]; totalBytes: number; part: number }

/** The files by folder, a part at a time when there are very many. */
export function FileList({ token, files, totalBytes, part }: FileListProps) {
  const t = useTranslations("visitor")
  const locale = useLocale()
  const { folders, from, to, parts } = filesByFolder(files, part)
  return (
    <section id="files" className="mt-6.5">
      {files.length > 1 && (
        <h2 className="pb-2.5 text-sm text-soft">
          {t("total", { count: files.length, size: formatBytes(totalBytes, locale) })}
        </h2>
      )}
      {folders.map((folder) => (
        <div key={folder.path}>
          {folder.path && (
            <h3 className="flex items-center gap-2 border-t border-line pt-4 pb-2.5 text-sm text-soft wrap-anywhere">
              <Folder aria-hidden size={16} className="shrink-0" />
              <span className="sr-only">{t("inFolder", { path: folder.path })}</span>
              <span aria-hidden>{folder.path.split("/").join(" / ")}</span>
            </h3>
          )}
          <ul>
            {folder.files.map((file) => (
              <FileRow key={file.id} token={token} file={file} alone={files.length === 1} />
            ))}
          </ul>
        </div>
      ))}
      <div className="border-t border-line" />
      {parts > 1 && (
        <nav
          aria-label={t("pagesLabel")}
          className="mt-5 flex items-center justify-between gap-3 print:hidden"
        >
          <span className="text-sm text-soft">{t("pages", { from, to, total: files.length })}</span>
          <span className="flex gap-2">
            {part > 1 && <PartLink token={token} part={part - 1} text={t("previous")} rel="prev" />}
            {part < parts && <PartLink token={token} part={part + 1} text={t("next")} rel="next" />}
          </span>
        </nav>
      )}
    </section>
  )
}

type PartLinkProps = { token: string; part: number; text: string; rel: string }

function PartLink({ token, part, text, rel }: PartLinkProps) {
  const href = part === 1 ? `/s/${token}#files` : `/s/${token}?part=${part}#files`
  return (
    <a href={href} rel={rel} className={buttonClass({ variant: "quiet", size: "sm" })}>
      {text}
    </a>
  )
}

function FileRow({ token, file, alone }: { token: string; file: LinkFile; alone: boolean }) {
  const t = useTranslations("visitor")
  const locale = useLocale()
  const ready = file.status === "ready"
  return (
    <li className="flex items-center gap-3 border-t border-line py-3.5 break-inside-avoid">
      <FileKind name={file.name} />
      <div className="min-w-0 grow">
        <p className="line-clamp-3 wrap-anywhere" title={file.name}>
          <FileName name={file.name} />
        </p>
        <p className="text-sm text-soft">
          {formatBytes(file.size, locale)}
          {!ready && ` · ${t("onItsWay")}`}
        </p>
      </div>
      {ready && !alone && (
        <div className="group-data-lapsed/visit:hidden">
          <DownloadForm token={token} fileId={file.id} variant="quiet" size="sm">
            <span>
              {t.rich("downloadNamed", {
                name: file.name,
                hidden: (name) => <span className="sr-only">{name}</span>,
              })}
            </span>
          </DownloadForm>
        </div>
      )}
    </li>
  )
}
