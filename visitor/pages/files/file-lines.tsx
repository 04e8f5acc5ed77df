import { FileName } from "#components/ui/files/file-name.tsx"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import type { Words } from "#visitor/language/page-words.ts"

// Functions that return elements, not components: there may be thousands of files, and components
// would double the cost of rendering.

export type RowContext = {
  words: Words
  token: string
  sender: string
  viewOnly: boolean
  needsClaim: boolean
  /**
   * Whether the row has a download button; a single file is downloaded by the page's main button.
   */
  hasDownload: boolean
  /** The text of each button. */
  download: string
}

export const thumbnailPath = (token: string, fileId: string) => `/s/${token}/t/${fileId}`

/** The name of a file, which may wrap. */
export const nameLine = ({ name, status }: LinkFile) => (
  <p
    className={status === "abandoned" ? "text-soft" : undefined}
    title={isLong(name) ? name : undefined}
  >
    {isLong(name) ? <FileName name={name} /> : name}
  </p>
)

/** A name that may not fit on a line of a phone. */
const isLong = (name: string) => name.length > 20

/** Explains why a file is not ready. */
export function waitingLine({ status, size, isPaused }: LinkFile, { words, sender }: RowContext) {
  const { t, bytes } = words
  if (status === "abandoned") return <p>{t("visitor.abandoned", { sender })}</p>
  return <p>{`${bytes(size)} · ${t(isPaused ? "visitor.paused" : "visitor.onItsWay")}`}</p>
}

/** The size, and the checksum if there is one. */
export const sizeLine = (file: LinkFile, { words, sender }: RowContext) =>
  file.sha256 ? checksum(file, file.sha256, words, sender) : <p>{words.bytes(file.size)}</p>

/** The size, and the checksum in a disclosure. */
function checksum(file: LinkFile, sha256: string, { t, bytes }: Words, sender: string) {
  const { name, size, sha256Verified } = file
  return (
    <details data-copy={t("visitor.copySha256Of", { name })}>
      <summary>
        {bytes(size)} · <u>{t("visitor.details")}</u>
        <span className="sr-only"> {t("visitor.ofFile", { name })}</span>
      </summary>
      <p>{t("visitor.sha256")}</p>
      <code>{sha256}</code>
      <small>
        {t(sha256Verified ? "visitor.sha256Verified" : "visitor.sha256Stated", { sender })}
      </small>
    </details>
  )
}

// Lucide's download icon, as a constant element.
export const ARROW_DOWN = (
  <svg
    aria-hidden
    width={16}
    height={16}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={2}
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4M7 10l5 5 5-5M12 15V3" />
  </svg>
)
