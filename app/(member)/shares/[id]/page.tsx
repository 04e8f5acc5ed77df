import { ArrowLeft } from "lucide-react"
import type { Metadata } from "next"
import Link from "next/link"
import { getTranslations } from "next-intl/server"
import { cache } from "react"
import { generateMetadata as notFoundMetadata } from "#app/not-found.tsx"
import { NotFoundMessage } from "#components/not-found-message.tsx"
import { EventList } from "#components/shares/event-list.tsx"
import { ShareFiles } from "#components/shares/share-files.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { Pager } from "#components/ui/pager.tsx"
import { listEvents } from "#lib/activity/list-events.ts"
import { ListQuery } from "#lib/list-query.ts"
import { listQuestions } from "#lib/questions/list-questions.ts"
import { requireShare } from "#lib/shares/require-share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { memberPage } from "#lib/web/session.ts"
import { shareSettings } from "#lib/web/share-settings.ts"
import { ShareDetail } from "./share-detail.tsx"

type Props = { params: Promise<{ id: string }>; searchParams: PageQuery }

const EVENTS_PER_PAGE = 20

// Called for the title and for the page.
const findShare = cache(async (id: string) => {
  const member = await memberPage()
  return orNotFound(requireShare(member.id, id))
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const share = await findShare((await params).id)
  return share
    ? { title: shareName(share, await getTranslations("member.shares")) }
    : notFoundMetadata()
}

export default async function SharePage({ params, searchParams }: Props) {
  const member = await memberPage()
  const share = await findShare((await params).id)
  if (!share) return <NotFoundMessage home="/shares" />
  const { cursor, q = "" } = await readListQuery(ListQuery, searchParams)
  const events = await orNotFound(
    listEvents(member.id, share.id, { limit: EVENTS_PER_PAGE, ...(cursor ? { cursor } : {}) }),
  )
  if (!events) return <NotFoundMessage home={`/shares/${share.id}`} />
  const questions = await listQuestions(member.id, share.id)
  const now = member.now.toISOString()
  const path = `/shares/${share.id}`
  const t = await getTranslations("member.share")
  return (
    <>
      <Link
        href="/shares"
        prefetch={false}
        className="mb-6 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-ink"
      >
        <ArrowLeft aria-hidden size={16} />
        {t("back")}
      </Link>
      <ShareDetail
        // The browser needs only the first file, for the share's name.
        share={{ ...share, files: share.files.slice(0, 1) }}
        questions={questions}
        now={now}
        settings={shareSettings()}
        files={<ShareFiles share={share} q={q} path={path} />}
      >
        <section aria-labelledby="events" className="mt-10">
          <h2 id="events" className="mb-2.5 text-note">
            {t("events")}
          </h2>
          {events.items.length > 0 ? (
            <EventList events={events.items} now={now} />
          ) : (
            <p className="border-t border-line py-3 text-soft">{t("noEvents")}</p>
          )}
          <div className="mt-5">
            <Pager
              firstHref={cursor ? listAddress(path, { q }) : null}
              nextHref={events.nextCursor && listAddress(path, { q, cursor: events.nextCursor })}
            />
          </div>
        </section>
      </ShareDetail>
    </>
  )
}
