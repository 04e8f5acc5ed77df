import { useLocale, useTranslations } from "next-intl"
import { RefreshWhileArriving } from "#components/refresh-while-arriving.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Ring } from "#components/ui/ring.tsx"
import type { LinkFile, LinkPage } from "#lib/claims/link-page.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import { Countdown } from "./countdown.tsx"
import { DownloadAll } from "./download-all.tsx"
import { DownloadForm } from "./download-form.tsx"
import { FileList } from "./file-list.tsx"
import { LinkHeading } from "./link-heading.tsx"
import { shareName } from "./share-name.ts"
import { TimeRow } from "./time-row.tsx"
import { VisitorFrame } from "./visitor-frame.tsx"

type Open = Extract<LinkPage, { state: "open" }>

/** An open link: from whom, what, until when, and the button. On a phone all of it without scrolling. */
export function OpenLink({ token, link, part }: { token: string; link: Open; part: number }) {
  const t = useTranslations("visitor")
  const { senderName: sender, message, files } = link
  const { coming, arriving } = countFiles(files)
  const name = shareName(link) ?? t("files", { count: coming })
  // A long note would push the button off a phone's screen, so it goes below.
  const isShort = message.length <= 180 && message.split("\n").length <= 3
  return (
    <VisitorFrame foot={t("foot", { sender })}>
      <LinkHeading sender={sender} name={name} />
      {message && isShort && <Note text={message} className="mt-3 text-note" />}
      <div className="mt-6.5 mb-7">
        {link.expiresAt ? (
          <Countdown openedAt={link.openedAt} expiresAt={link.expiresAt} now={link.now} />
        ) : (
          <NeverLapses sender={sender} />
        )}
      </div>
      <div className="group-data-lapsed/visit:hidden">
        <MainButton token={token} link={link} />
        <DownloadsLeft link={link} />
        <Arrivals token={token} link={link} part={part} />
      </div>
      {message && !isShort && (
        <section className="mt-8">
          <h2 className="font-semibold">{t("noteFrom", { sender })}</h2>
          <Note text={message} className="mt-1.5" />
        </section>
      )}
      <FileList token={token} sender={sender} files={files} totalBytes={link.totalBytes} />
      <RefreshWhileArriving arriving={arriving} />
    </VisitorFrame>
  )
}

function Note({ text, className }: { text: string; className: string }) {
  return (
    <p className={classNames("max-w-[54ch] whitespace-pre-line wrap-anywhere", className)}>
      {text}
    </p>
  )
}

function NeverLapses({ sender }: { sender: string }) {
  const t = useTranslations("visitor")
  return (
    <TimeRow ring={<Ring size={76} />} title={t("alwaysOpen")}>
      {t("untilEnded", { sender })}
    </TimeRow>
  )
}

function MainButton({ token, link }: { token: string; link: Open }) {
  const t = useTranslations("visitor")
  const locale = useLocale()
  const ready = link.files.filter((file) => file.status === "ready")
  const [first] = ready
  if (!first) return null
  if (link.files.length === 1) {
    return (
      <DownloadForm token={token} fileId={first.id} wide>
        {t("downloadSize", { size: formatBytes(first.size, locale) })}
      </DownloadForm>
    )
  }
  const size = formatBytes(bytesOf(ready), locale)
  return (
    <>
      <DownloadAll token={token}>
        {t(ready.length === link.files.length ? "downloadAllSize" : "downloadReadySize", {
          size,
          count: ready.length,
        })}
      </DownloadAll>
      <p className="needs-no-script text-soft print:hidden">{t("oneByOne")}</p>
    </>
  )
}

/** What is still on its way, and what will never come. */
function Arrivals({ token, link, part }: { token: string; link: Open; part: number }) {
  const t = useTranslations("visitor")
  const locale = useLocale()
  const { ready, arriving, abandoned } = countFiles(link.files)
  const size = formatBytes(bytesOf(link.files.filter(isArriving)), locale)
  if (arriving + abandoned === 0) return null
  const sender = link.senderName
  return (
    <div className={classNames("space-y-1.5 text-soft", ready > 0 && "mt-3 text-sm")}>
      <p role="status">
        {arriving > 0 && t("arriving", { count: arriving, size, some: ready > 0 ? "yes" : "no" })}
        {abandoned > 0 && ready + arriving === 0 && t("allAbandoned", { sender, count: abandoned })}
        {arriving > 0 && (
          <>
            {" "}
            <span className="needs-script">{t("arrivingByItself")}</span>
            {/* With the part it is no new view. */}
            <a
              href={`/s/${token}?part=${part}`}
              className="needs-no-script font-semibold text-ink underline"
            >
              {t("lookAgain")}
            </a>
          </>
        )}
      </p>
      {abandoned > 0 && ready + arriving > 0 && (
        <p>{t("someAbandoned", { sender, count: abandoned })}</p>
      )}
    </div>
  )
}

const isArriving = ({ status }: LinkFile) => status === "uploading"

function countFiles(files: LinkFile[]) {
  const arriving = files.filter(isArriving).length
  const abandoned = files.filter(({ status }) => status === "abandoned").length
  const coming = files.length - abandoned
  return { coming, ready: coming - arriving, arriving, abandoned }
}

const bytesOf = (files: LinkFile[]) => files.reduce((sum, { size }) => sum + size, 0)

function DownloadsLeft({ link }: { link: Open }) {
  const t = useTranslations("visitor")
  if (link.downloadsLeft === null) return null
  return (
    <p className="mt-3 text-sm text-soft">
      {link.hasTicket ? t("ticket") : t("downloadsLeft", { count: link.downloadsLeft })}
    </p>
  )
}
