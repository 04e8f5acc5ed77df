import { type Folder, filterFiles, SEARCH_ABOVE, toSortedTree } from "#components/folders/folder.ts"
import { FolderList } from "#components/folders/folder-list.tsx"
import { FileKind } from "#components/ui/file-kind.tsx"
import { FileName } from "#components/ui/file-name.tsx"
import type { LinkFile } from "#lib/claims/link-page.ts"
import { DownloadForm } from "./download-form.tsx"
import { FileSearch } from "./file-search.tsx"
import { useWords } from "./use-words.ts"

type FileListProps = {
  token: string
  sender: string
  files: LinkFile[]
  totalBytes: number
  /** What the names are searched for, or "". */
  q: string
}

/** The files in their folders, folders first, and a search where there are many. */
export function FileList({ token, sender, files, totalBytes, q }: FileListProps) {
  const { t, bytes } = useWords()
  const found = filterFiles(files, q)
  const coming = files.filter(({ status }) => status !== "abandoned").length
  const alone = files.length === 1
  const total = ({ count, bytes: size }: Folder<LinkFile>) =>
    t("common.folderTotal", { count, size: bytes(size) })
  return (
    <section id="files" data-live="files" className="mt-6.5">
      {files.length > 1 && (
        <h2 className="pb-2.5 text-sm text-soft">
          {t("visitor.total", { count: coming, size: bytes(totalBytes) })}
        </h2>
      )}
      {files.length > SEARCH_ABOVE && <FileSearch token={token} q={q} found={found.length} />}
      <FolderList
        tree={toSortedTree(found)}
        aside={total}
        {...(q && { isOpen: () => true })}
        row={(file) => (
          <FileRow key={file.id} token={token} sender={sender} file={file} alone={alone} />
        )}
      />
      <div className="border-t border-line" />
    </section>
  )
}

type FileRowProps = { token: string; sender: string; file: LinkFile; alone: boolean }

function FileRow({ token, sender, file, alone }: FileRowProps) {
  const { t } = useWords()
  const { id, name, status } = file
  const abandoned = status === "abandoned"
  return (
    <li className="file-row">
      <FileKind name={name} />
      <div>
        <p className={abandoned ? "text-soft" : undefined} title={name}>
          <FileName name={name} />
        </p>
        {abandoned ? <p>{t("visitor.abandoned", { sender })}</p> : <Facts file={file} />}
      </div>
      {status === "ready" && !alone && (
        <DownloadForm
          token={token}
          fileId={id}
          label={t("visitor.downloadNamed", { name })}
          variant="quiet"
          size="sm"
        >
          {t("visitor.download")}
        </DownloadForm>
      )}
    </li>
  )
}

/** Its size, and for a reader who wants to be sure of the bytes their checksum. */
function Facts({ file: { name, size, status, sha256 } }: { file: LinkFile }) {
  const { t, bytes } = useWords()
  const text = bytes(size)
  if (status === "uploading") return <p>{`${text} · ${t("visitor.onItsWay")}`}</p>
  if (!sha256) return <p>{text}</p>
  return (
    <details data-copy={t("visitor.copySha256Of", { name })}>
      <summary>
        {text} · <u>{t("visitor.sha256")}</u>
        <span className="sr-only"> {t("visitor.ofFile", { name })}</span>
      </summary>
      <code>{sha256}</code>
    </details>
  )
}
