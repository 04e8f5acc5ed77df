import { useLocale, useTranslations } from "next-intl"
import { toSortedTree } from "#components/folders/folder.ts"
import { FolderTree } from "#components/folders/folder-tree.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { CopyButton } from "#components/ui/copy-button.tsx"
import { FileKind } from "#components/ui/file-kind.tsx"
import { FileName } from "#components/ui/file-name.tsx"
import type { LinkFile } from "#lib/claims/link-page.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import { DownloadForm } from "./download-form.tsx"

type FileListProps = {
  token: string
  sender: string
  files: LinkFile[]
  totalBytes: number
}

/** The files in their folders. */
export function FileList({ token, sender, files, totalBytes }: FileListProps) {
  const t = useTranslations("visitor")
  const locale = useLocale()
  const coming = files.filter(({ status }) => status !== "abandoned")
  return (
    <section id="files" className="mt-6.5">
      {files.length > 1 && (
        <h2 className="pb-2.5 text-sm text-soft">
          {t("total", { count: coming.length, size: formatBytes(totalBytes, locale) })}
        </h2>
      )}
      <FolderTree
        tree={toSortedTree(files)}
        row={(file) => (
          <FileRow
            key={file.id}
            token={token}
            sender={sender}
            file={file}
            alone={files.length === 1}
          />
        )}
      />
      <div className="border-t border-line" />
    </section>
  )
}

type FileRowProps = { token: string; sender: string; file: LinkFile; alone: boolean }

function FileRow({ token, sender, file, alone }: FileRowProps) {
  const t = useTranslations("visitor")
  const ready = file.status === "ready"
  const abandoned = file.status === "abandoned"
  return (
    <li className="flex items-start gap-3 border-t border-line py-3.5 break-inside-avoid">
      <FileKind name={file.name} />
      <div className="min-w-0 grow self-center">
        <p
          className={classNames("line-clamp-3 wrap-anywhere", abandoned && "text-soft")}
          title={file.name}
        >
          <FileName name={file.name} />
        </p>
        {abandoned ? (
          <p className="text-sm text-soft">{t("abandoned", { sender })}</p>
        ) : (
          <Facts file={file} />
        )}
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

/** Its size, and for who wants to be sure of the bytes their checksum. */
function Facts({ file: { name, size, status, sha256 } }: { file: LinkFile }) {
  const t = useTranslations("visitor")
  const bytes = formatBytes(size, useLocale())
  if (status === "uploading" || !sha256) {
    return (
      <p className="text-sm text-soft">
        {status === "uploading" ? `${bytes} · ${t("onItsWay")}` : bytes}
      </p>
    )
  }
  return (
    <details className="text-sm text-soft">
      <summary className="w-fit list-none py-0.5 [&::-webkit-details-marker]:hidden">
        {bytes} ·{" "}
        <span className="underline decoration-dotted underline-offset-3">{t("sha256")}</span>
        <span className="sr-only"> {t("ofFile", { name })}</span>
      </summary>
      <code className="mt-1 block font-mono text-xs wrap-anywhere">{sha256}</code>
      <CopyButton text={sha256} label={t("copySha256Of", { name })} />
    </details>
  )
}
