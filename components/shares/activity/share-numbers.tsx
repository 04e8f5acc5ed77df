import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { LocalTime } from "#components/time/local-time.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { EVENTS_READ, type ShareActivity } from "#lib/rooms/activity/receipt.ts"
import { type ShareView, TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { leadingNumber } from "./leading-number.ts"
import { type LiveName, LiveNumber } from "./live-number.tsx"

type ShareNumbersProps = {
  share: ShareView
  activity: Pick<ShareActivity, "visitors" | "since" | "areDeleted">
  now: string
  /** The chart below the counters. */
  children?: ReactNode
}

/** The counters of a share, most important one first, with an explanation of each. */
export function ShareNumbers({ share, activity, now, children }: ShareNumbersProps) {
  const t = useTranslations("member.numbers")
  const { viewOnly, viewers, maxDownloads: limit } = share
  const { visitors, since, areDeleted } = activity
  const taken = share.downloads - viewers
  const number = (of: LiveName, value: number, more: ReactNode, text: string): NumberProps => ({
    ...{ of, value, more, text },
    name: t(of === "botViews" ? "bots" : of),
  })
  const hours = { hours: TICKET_SECONDS / 3600 }
  const visitorsText = [
    t("visitorsText", { viewOnly: viewOnly ? "yes" : "no" }),
    ...(areDeleted ? [t("visitorsDeleted")] : []),
    ...(since && !areDeleted ? [t("visitorsSince", { count: EVENTS_READ })] : []),
  ]
  const visitorsMore = since
    ? t.rich("since", { when: () => <LocalTime at={since} form="short" now={now} /> })
    : t(areDeleted ? "notKept" : "aDay")
  const limited = limitText(share, t)
  const numbers = [
    number("views", share.views, t("byPeople"), t("viewsText")),
    number("visitors", visitors, visitorsMore, visitorsText.join(" ")),
    ...(viewOnly && taken === 0
      ? []
      : [
          number(
            "downloads",
            taken,
            viewOnly ? t("beforeViewOnly") : limited,
            t("downloadsText", hours),
          ),
        ]),
    // Viewers are not counted if there is no limit.
    ...(limit === null || (!viewOnly && viewers === 0)
      ? []
      : [
          number(
            "viewers",
            viewers,
            viewOnly ? limited : t("whileViewOnly"),
            t("viewersText", hours),
          ),
        ]),
    number("previews", share.previews, t("onThePage"), t("previewsText")),
    number("botViews", share.botViews, t("notCounted"), t("botsText")),
  ]
  const leading = leadingNumber(share)
  const leads = ({ of }: NumberProps) => of === leading
  const ordered = [...numbers.filter(leads), ...numbers.filter((number) => !leads(number))]
  return (
    <section aria-label={t("heading")} className="min-w-0">
      <dl className="mb-4 flex flex-wrap gap-x-3.5 gap-y-3 sm:grid sm:auto-cols-[minmax(min-content,max-content)] sm:grid-flow-col sm:gap-x-6">
        {ordered.map((number) => (
          <Figure key={number.name} shareId={share.id} {...number} leads={leads(number)} />
        ))}
      </dl>
      {children}
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
    </section>
  )
}

type Words = ReturnType<typeof useTranslations<"member.numbers">>

function limitText({ maxDownloads: limit, downloads: used, viewers }: ShareView, t: Words) {
  if (limit === null) return t("noLimit")
  return viewers > 0 && viewers < used ? t("usedOf", { used, limit }) : t("ofLimit", { limit })
}

type NumberProps = { of: LiveName; name: string; value: number; more: ReactNode; text: string }

type FigureProps = NumberProps & { shareId: string; leads: boolean }

function Figure({ shareId, of, name, value, more, leads }: FigureProps) {
  return (
    <div>
      <dt className="text-sm text-soft max-sm:text-xs">{name}</dt>
      <dd>
        <span className="text-[1.625rem] leading-tight font-semibold tracking-[-0.02em]">
          <LiveNumber shareId={shareId} name={of} value={value} />
        </span>{" "}
        <span
          className={classNames(
            "text-xs text-soft sm:block",
            leads ? "max-sm:ms-1" : "max-sm:hidden",
          )}
        >
          {more}
        </span>
      </dd>
    </div>
  )
}

function Explained({ name, text }: { name: string; text: string }) {
  return (
    <div className="contents">
      <dt className="font-medium max-sm:-mb-2.5">{name}</dt>
      <dd className="text-soft">{text}</dd>
    </div>
  )
}
