import { LinkedText } from "#components/linked-text.tsx"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import type { LinkFile, OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import type { Listing } from "#lib/rooms/claims/open/open-link.ts"
import { type FileCounts, isOnlyChecked } from "#lib/rooms/shares/list/shared-files.ts"
import { DownloadForm } from "#visitor/pages/files/download-form.tsx"
import { sizeLine } from "#visitor/pages/files/file-lines.ts"
import { FileList } from "#visitor/pages/files/file-list.tsx"
import { previewPath } from "#visitor/pages/files/preview-link.ts"
import { siteName, useWords } from "#visitor/pages/page-context.ts"
import { VisitorFrame } from "#visitor/pages/visitor-frame.tsx"
import { fileOnStage, layoutOf, onlyFile } from "./layout.ts"
import { LinkHeading } from "./link-heading.tsx"
import { openShareName } from "./open-share-name.ts"
import { Stage } from "./stage.tsx"
import { Expiry } from "./time-row.tsx"

type OpenedLinkProps = {
  token: string
  link: OpenPage
  listing?: Listing | undefined
  /** Whether the reader is a bot. */
  isBot: boolean
}

/**
 * The page of an open link. Sender, content, expiry and button are visible on a phone without
 * scrolling.
 */
export function OpenedLink({ token, link, listing, isBot }: OpenedLinkProps) {
  const { t } = useWords()
  const { senderName: sender, message, counts } = link
  const total = totalOf(counts)
  const name = openShareName(link, t)
  const onStage = fileOnStage(link, isBot)
  // A long note would push the button off a phone's screen, so it goes below.
  const isShort = message.length <= 180 && message.split("\n").length <= 3
  return (
    <VisitorFrame
      foot={t("visitor.foot", { site: siteName() })}
      q={listing?.q}
      layout={layoutOf(link, isBot)}
    >
      <Expiry link={link} />
      <div data-live="heading" className="heading">
        <LinkHeading sender={sender} name={name} />
        {onStage && <Facts file={onStage} heading={name} sender={sender} />}
        {message && isShort && <Note text={message} />}
      </div>
      <div data-live="actions" className="actions while-open">
        <MainButton token={token} link={link} onStage={onStage} />
        {link.viewOnly && link.needsClaim && <OpenFilesForm token={token} />}
        <DownloadsLeft link={link} />
        <Arrivals token={token} sender={sender} counts={counts} files={link.files} />
      </div>
      {total > 1 && (
        <div
          data-zip-panel
          data-name={link.title || t("visitor.preview.locked", { sender })}
          data-sender={sender}
        />
      )}
      <div data-resumable />
      {message && !isShort && (
        <section className="mt-5">
          <h2 className="font-semibold">{t("visitor.noteFrom", { sender })}</h2>
          <Note text={message} />
        </section>
      )}
      {onStage ? (
        <Stage token={token} file={onStage} />
      ) : (
        <FileList
          link={link}
          token={token}
          listing={listing}
          isBot={isBot}
          heading={onlyFile(link) && name}
        />
      )}
    </VisitorFrame>
  )
}

type FactsProps = { file: LinkFile; heading: string; sender: string }

/** Name, size and checksum of the file on the stage, for which the page has no list. */
function Facts({ file, heading, sender }: FactsProps) {
  const words = useWords()
  return (
    <div className="facts">
      {file.name !== heading && <p>{file.name}</p>}
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: html`` escapes dynamic values */}
      <div dangerouslySetInnerHTML={sizeLine(file, { words, sender })} />
    </div>
  )
}

/** The sender's message, with its URLs as links. */
function Note({ text }: { text: string }) {
  return (
    <p dir="auto" className="mt-3 max-w-[60ch] whitespace-pre-line wrap-anywhere">
      <LinkedText text={text} />
    </p>
  )
}

type ButtonProps = { token: string; link: OpenPage; onStage: LinkFile | null }

/** Opens the first file with a preview; the viewer leads to the others. */
function LookButton({ token, link, onStage, ...look }: ButtonProps & ButtonLook) {
  const { t } = useWords()
  const first = link.files.find(({ status, preview }) => status === "ready" && preview !== null)
  if (!first) return null
  return (
    // Without JavaScript there is no claim before a preview.
    <div className={classNames("print:hidden", link.needsClaim && "needs-script")}>
      <a
        href={previewPath(token, first.id)}
        target="_blank"
        rel="noreferrer"
        data-kind={first.preview}
        className={buttonClass({ ...look, wide: true })}
      >
        {t("visitor.lookFirst", { count: link.counts.ready })}
      </a>
    </div>
  )
}

/** Replaces the download button of a view-only share. */
function ViewOnly(props: ButtonProps) {
  const { t } = useWords()
  return (
    <>
      <LookButton {...props} />
      <p>{t("visitor.viewOnly", { sender: props.link.senderName })}</p>
    </>
  )
}

function MainButton(props: ButtonProps) {
  const { t, bytes } = useWords()
  const { token, link, onStage } = props
  const { files, counts } = link
  const total = totalOf(counts)
  if (counts.ready === 0) return null
  if (link.viewOnly) return <ViewOnly {...props} />
  const size = bytes(counts.readyBytes)
  const only = counts.ready === 1 && files.find(({ status }) => status === "ready")
  if (only) {
    return (
      <div className="space-y-2.5">
        <DownloadForm token={token} file={only} wide>
          {/* The size of the only file is beside its name. */}
          {total === 1 ? t("visitor.download") : t("visitor.downloadReadySize", { size, count: 1 })}
        </DownloadForm>
        {onStage?.preview === "pdf" && <LookButton {...props} variant="quiet" />}
      </div>
    )
  }
  return (
    <>
      <div className="needs-script print:hidden">
        <button
          type="button"
          data-zip=""
          className="needs-zip button button-primary button-md w-full"
        >
          {counts.ready === total
            ? t("visitor.downloadAllSize", { size })
            : t("visitor.downloadReadySize", { size, count: counts.ready })}
        </button>
        <p className="no-zip-http">{t("visitor.zip.needsHttps")}</p>
        <p className="no-zip-worker">{t("visitor.zip.needsWorker")}</p>
      </div>
      <p className="needs-no-script print:hidden">{t("visitor.oneByOne")}</p>
    </>
  )
}

function DownloadsLeft({ link }: { link: OpenPage }) {
  const { t } = useWords()
  const { downloadsLeft: count, hasTicket, viewOnly } = link
  const ticket = t(viewOnly ? "visitor.looksTicket" : "visitor.ticket")
  return (
    <>
      {count !== null && (
        <p data-downloads-left data-ticket={hasTicket || undefined} data-ticket-text={ticket}>
          {hasTicket
            ? ticket
            : t(viewOnly ? "visitor.looksLeft" : "visitor.downloadsLeft", { count })}
        </p>
      )}
      <p role="status" data-started />
    </>
  )
}

type ArrivalsProps = {
  token: string
  sender: string
  counts: FileCounts
  files: readonly LinkFile[]
}

/** The number of files that are still uploading, paused or being checked, and of abandoned ones. */
function Arrivals({ token, sender, counts, files }: ArrivalsProps) {
  const { t, bytes } = useWords()
  const { ready, arriving, abandoned } = counts
  if (arriving + abandoned === 0) return null
  const some = ready > 0 ? "yes" : "no"
  const size = bytes(counts.arrivingBytes)
  return (
    <div className="space-y-1.5">
      <p role="status">
        {arriving > 0 &&
          (counts.paused === arriving
            ? t("visitor.arrivingPaused", { sender, count: arriving, size })
            : isOnlyChecked(files)
              ? t("visitor.arrivingChecked", { count: arriving, size })
              : t("visitor.arriving", { count: arriving, size, some }))}
        {abandoned > 0 &&
          ready + arriving === 0 &&
          t("visitor.allAbandoned", { sender, count: abandoned })}
        {arriving > 0 && (
          <>
            {" "}
            <span className="needs-script">{t("visitor.arrivingByItself")}</span>
            {/* The empty search keeps the reload from counting as a view. */}
            <a href={`/s/${token}?q=`} className="needs-no-script font-semibold text-ink underline">
              {t("visitor.lookAgain")}
            </a>
          </>
        )}
      </p>
      {abandoned > 0 && ready + arriving > 0 && (
        <p>{t("visitor.someAbandoned", { sender, count: abandoned })}</p>
      )}
    </div>
  )
}

const totalOf = ({ ready, arriving, abandoned }: FileCounts) => ready + arriving + abandoned

/**
 * Claims a view-only link with a limit, so that its files can be opened without JavaScript. With
 * JavaScript, the first preview claims.
 */
function OpenFilesForm({ token }: { token: string }) {
  const { t } = useWords()
  return (
    <form method="post" action={`/s/${token}/claim`} className="needs-no-script print:hidden">
      <button type="submit" className={buttonClass({ wide: true })}>
        {t("visitor.openFiles")}
      </button>
    </form>
  )
}
