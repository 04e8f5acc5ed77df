import {
  Bot,
  Download,
  Eye,
  Images,
  KeyRound,
  type LucideIcon,
  RefreshCw,
  ScanEye,
  ShieldX,
} from "lucide-react"
import { useTranslations } from "next-intl"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { Pager, type PagerProps } from "#components/ui/tables/pager.tsx"
import type { EventKind, EventView } from "#lib/rooms/activity/event.ts"
import { agentText } from "./agent-text.ts"

const ICONS: Record<EventKind, LucideIcon> = {
  view: Eye,
  bot_view: Bot,
  claim: Download,
  mint: RefreshCw,
  preview: ScanEye,
  thumbnail: Images,
  unlock: KeyRound,
  unlock_failed: KeyRound,
  refused: ShieldX,
}

type EventsProps = {
  events: { items: EventView[]; nextCursor: string | null }
  now: string
} & Pick<PagerProps, "at" | "href">

/** The events of a link, newest first, with links to the earlier ones. */
export function Events({ events, now, ...pager }: EventsProps) {
  const t = useTranslations("member.receipts")
  return (
    <>
      {events.items.length > 0 ? (
        <EventList events={events.items} now={now} />
      ) : (
        <p className="border-t border-line py-3 text-soft">{t("noEvents")}</p>
      )}
      <Pager className="my-5" label={t("eventPages")} page={events} {...pager} />
    </>
  )
}

function EventList({ events, now }: { events: EventView[]; now: string }) {
  const t = useTranslations("member.events")
  const common = useTranslations("common")
  return (
    <ul className="border-t border-line">
      {events.map((event) => {
        const { id, at, kind, file, recipient, agent, referrer } = event
        const isViewer = event.fileCount === 0
        const Icon = isViewer ? ScanEye : ICONS[kind]
        const by = [agent && agentText(agent, common), referrer && t("from", { host: referrer })]
          .filter(Boolean)
          .join(" · ")
        return (
          <li
            key={id}
            className="grid grid-cols-[1.125rem_minmax(0,1fr)_auto] items-baseline gap-x-3.5 border-b border-line py-2.5 text-[0.9375rem]"
          >
            <Icon aria-hidden size={16} className="self-center text-soft" />
            <div className="min-w-0">
              <span>
                {isViewer ? t("viewer") : event.again ? t("previewAgain") : t(kind)}
                {(kind === "claim" || kind === "mint") && !file && !isViewer && (
                  <> · {t("files", { count: event.fileCount ?? 0 })}</>
                )}
              </span>
              {file && (
                <>
                  {" · "}
                  <bdi className="wrap-anywhere">{file.name}</bdi>
                </>
              )}
              {(recipient || by) && (
                <span className="block text-sm text-soft wrap-anywhere">
                  {recipient && <bdi className="text-ink">{recipient}</bdi>}
                  {recipient && by && " · "}
                  {by}
                </span>
              )}
            </div>
            <div className="text-end text-sm text-soft">
              <RelativeTime at={at} now={now} />
              <span className="block">
                <LocalTime at={at} form="short" now={now} />
              </span>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
