import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { NumbersLine } from "#components/pages/detail/numbers-line.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { EVENTS_READ, type ShareActivity } from "#lib/rooms/activity/receipt.ts"
import { type ShareView, TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { leadingNumber } from "./leading-number.ts"
import { type LiveName, LiveNumber } from "./live-number.tsx"

type ActivityProps = {
  share: ShareView
  activity: Pick<ShareActivity, "visitors" | "since" | "areDeleted">
  now: string
  /** The chart, the visitors and the events. */
  children: ReactNode
}

/** What happened to a share below one heading: its counters in one line, and how they count. */
export function ActivitySection({ share, activity, now, children }: ActivityProps) {
  const t = useTranslations("member.numbers")
  const charts = useTranslations("charts")
  const { viewOnly, viewers, maxDownloads: limit } = share
  const { visitors, since, areDeleted } = activity
  const taken = share.downloads - viewers
  const hours = { hours: TICKET_SECONDS / 3600 }
  const number = (of: LiveName, value: number, text: string, more?: ReactNode) => ({
    ...{ of, text, more, name: t(of === "botViews" ? "bots" : of) },
    value: <LiveNumber shareId={share.id} name={of} value={value} />,
  })
  const visitorsText = [
    t("visitorsText", { viewOnly: viewOnly ? "yes" : "no" }),
    ...(areDeleted ? [t("visitorsDeleted")] : []),
    ...(since && !areDeleted ? [t("visitorsSince", { count: EVENTS_READ })] : []),
  ]
  const visitorsMore = since
    ? t.rich("since", { when: () => <LocalTime at={since} form="short" now={now} /> })
    : areDeleted && t("notKept")
  const limited = limitText(share, t)
  const numbers = [
    number("views", share.views, t("viewsText")),
    number("visitors", visitors, visitorsText.join(" "), visitorsMore),
    ...(viewOnly && taken === 0
      ? []
      : [
          number(
            "downloads",
            taken,
            t("downloadsText", hours),
            viewOnly ? t("beforeViewOnly") : limited,
          ),
        ]),
    // Viewers are not counted if there is no limit.
    ...(limit === null || (!viewOnly && viewers === 0)
      ? []
      : [
          number(
            "viewers",
            viewers,
            t("viewersText", hours),
            viewOnly ? limited : t("whileViewOnly"),
          ),
        ]),
    number("previews", share.previews, t("previewsText")),
    number("botViews", share.botViews, t("botsText")),
  ]
  const leading = leadingNumber(share)
  const ordered = numbers.toSorted((a, b) => Number(b.of === leading) - Number(a.of === leading))
  return (
    <section aria-labelledby="activity" className="min-w-0">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1.5">
        <h2 id="activity" className="text-note">
          {charts("heading")}
        </h2>
        <NumbersLine label={t("heading")} numbers={ordered} />
      </div>
      <div className="flex flex-col gap-y-7">{children}</div>
      <div className="border-b border-line">
        <Disclosure summary={t("what")}>
          <dl className="grid gap-x-4 gap-y-3 pb-4 text-[0.9375rem] sm:grid-cols-[8rem_minmax(0,60ch)]">
            {numbers.map(({ name, text }) => (
              <Explained key={name} name={name} text={text} />
            ))}
          </dl>
          {!viewOnly && (
            <p className="max-w-[60ch] pb-4 text-[0.9375rem] text-soft">{t("takenText")}</p>
          )}
        </Disclosure>
      </div>
    </section>
  )
}

type Words = ReturnType<typeof useTranslations<"member.numbers">>

function limitText({ maxDownloads: limit, downloads: used, viewers }: ShareView, t: Words) {
  if (limit === null) return null
  return viewers > 0 && viewers < used ? t("usedOf", { used, limit }) : t("ofLimit", { limit })
}

function Explained({ name, text }: { name: string; text: string }) {
  return (
    <div className="contents">
      <dt className="font-medium max-sm:-mb-2.5">{name}</dt>
      <dd className="text-soft">{text}</dd>
    </div>
  )
}
