import { ChevronRight, Folder as FolderIcon } from "lucide-react"
import { type Folder, filterFiles, toTree } from "#components/folders/folder.ts"
import { FileKind } from "#components/ui/file-kind.tsx"
import { FileName } from "#components/ui/file-name.tsx"
import type { LinkFile } from "#lib/claims/link-page.ts"
import { DownloadForm } from "./download-form.tsx"
import { FileSearch, SEARCH_ABOVE } from "./file-search.tsx"
import { useWords } from "./use-words.ts"

/** Up to so many files every folder is open from the start. */
const FEW = 30
/** Deeper folders are not indented further: a phone is narrow. */
const MAX_INDENT = 4

type FileListProps = {
  token: string
  sender: string
  files: LinkFile[]
  totalBytes: number
  q: string
}

/** The files in their folders, folders first, and a search where there are many. */
export function FileList({ token, sender, files, totalBytes, q }: FileListProps) {
  const { t, bytes } = useWords()
  const found = q ? filterFiles(files, q) : files
  const tree = toTree(found)
  const coming = files.filter(({ status }) => status !== "abandoned").length
  const row = { token, sender, alone: files.length === 1 }
  return (
    <section id="files" data-live="files" className="mt-6.5">
      {files.length > 1 && (
        <h2 className="pb-2.5 text-sm text-soft">
          {t("visitor.total", { count: coming, size: bytes(totalBytes) })}
        </h2>
      )}
      {files.length > SEARCH_ABOVE && <FileSearch token={token} q={q} found={found.length} />}
      <Branch folder={tree} open={q !== "" || tree.count <= FEW} depth={0} row={row} />
      <div className="border-t border-line" />
    </section>
  )
}

type Row = { token: string; sender: string; alone: boolean }
type BranchProps = { folder: Folder<LinkFile>; open: boolean; depth: number; row: Row }

function Branch({ folder, open, depth, row }: BranchProps) {
  const { t, bytes } = useWords()
  const isOnlyFolder = folder.folders.length === 1 && folder.files.length === 0
  return (
    <ul>
      {folder.folders.map((inside) => (
        <li key={inside.path} className="border-t border-line">
          <details open={open || isOnlyFolder} data-folder={inside.path}>
            <summary className="flex min-h-11 list-none flex-wrap items-center gap-x-2 py-2 [&::-webkit-details-marker]:hidden">
              <ChevronRight
                aria-hidden
                size={16}
                className="shrink-0 text-soft transition-transform duration-100 [details[open]>summary>&]:rotate-90"
              />
              <FolderIcon aria-hidden size={16} className="shrink-0 text-soft" />
              <span className="min-w-0 grow basis-2/5 font-medium wrap-anywhere">
                <FileName name={inside.name} />
              </span>
              <span className="text-sm text-soft max-sm:w-full max-sm:pl-12">
                {t("common.folderTotal", { count: inside.count, size: bytes(inside.bytes) })}
              </span>
            </summary>
            <div className={depth < MAX_INDENT ? "folder-inside" : undefined}>
              <Branch folder={inside} open={open} depth={depth + 1} row={row} />
            </div>
          </details>
        </li>
      ))}
      {folder.files.map((file) => (
        <FileRow key={file.id} file={file} {...row} />
      ))}
    </ul>
  )
}

function FileRow({ token, sender, alone, file }: Row & { file: LinkFile }) {
  const { t } = useWords()
  const { id, name, status } = file
  const abandoned = status === "abandoned"
  return (
    <li className="file-row">
      <FileKind name={name} />
      <div className="file-row-text">
        <p className={abandoned ? "file-row-name text-soft" : "file-row-name"} title={name}>
          <FileName name={name} />
        </p>
        {abandoned ? (
          <p className="file-row-facts">{t("visitor.abandoned", { sender })}</p>
        ) : (
          <Facts file={file} />
        )}
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
  if (status === "uploading") {
    return <p className="file-row-facts">{`${text} · ${t("visitor.onItsWay")}`}</p>
  }
  if (!sha256) return <p className="file-row-facts">{text}</p>
  return (
    <details className="file-row-facts" data-checksum={t("visitor.copySha256Of", { name })}>
      <summary>
        {text} · <u>{t("visitor.sha256")}</u>
        <span className="sr-only"> {t("visitor.ofFile", { name })}</span>
      </summary>
      <code>{sha256}</code>
    </details>
  )
}
