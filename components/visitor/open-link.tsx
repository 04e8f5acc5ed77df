import { useLocale, useTranslations } from "next-intl"
import { formatBytes } from "#components/format-bytes.ts"
import { classNames } from "#components/ui/class-names.ts"
import { Ring } from "#components/ui/ring.tsx"
import type { LinkPage } from "#lib/claims/link-page.ts"
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
  const name = shareName(link) ?? t("files", { count: files.length })
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
      </div>
      {message && !isShort && (
        <section className="mt-8">
          <h2 className="font-semibold">{t("noteFrom", { sender })}</h2>
          <Note text={message} className="mt-1.5" />
        </section>
      )}
      <FileList token={token} files={files} totalBytes={link.totalBytes} part={part} />
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
  if (!first) return <p className="text-soft">{t("allOnTheirWay")}</p>
  if (link.files.length === 1) {
    return (
      <DownloadForm token={token} fileId={first.id} wide>
        {t("downloadSize", { size: formatBytes(first.size, locale) })}
      </DownloadForm>
    )
  }
  const bytes = ready.reduce((sum, file) => sum + file.size, 0)
  const size = formatBytes(bytes, locale)
  return (
    <>
      <DownloadAll token={token} fileIds={ready.map((file) => file.id)}>
        {t(ready.length === link.files.length ? "downloadAllSize" : "downloadReadySize", { size })}
      </DownloadAll>
      <p className="needs-no-script text-soft print:hidden">{t("oneByOne")}</p>
    </>
  )
}

function DownloadsLeft({ link }: { link: Open }) {
  const t = useTranslations("visitor")
  if (link.downloadsLeft === null) return null
  return (
    <p className="mt-3 text-sm text-soft">
      {link.hasTicket ? t("ticket") : t("downloadsLeft", { count: link.downloadsLeft })}
    </p>
  )
}
