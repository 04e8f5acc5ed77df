import { getLocale, getTranslations } from "next-intl/server"
import { cache } from "react"
import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { Dotted, DottedItem } from "#components/lists/dotted.tsx"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { Part } from "#components/pages/section.tsx"
import { Events } from "#components/shares/activity/event-list.tsx"
import { leadingNumber } from "#components/shares/activity/leading-number.ts"
import { ConditionList } from "#components/shares/conditions/condition-list.tsx"
import { LapseLine } from "#components/shares/expiry/share-lapse.tsx"
import { ShareFiles } from "#components/shares/share-files.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { listEventsAsAdmin } from "#lib/rooms/activity/list-events.ts"
import { findLegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { listQuestionsAsAdmin } from "#lib/rooms/questions/list-questions.ts"
import { FilesPlace } from "#lib/rooms/shares/list/files-place.ts"
import { listSharedFiles } from "#lib/rooms/shares/list/list-shared-files.ts"
import { requireAnyShare } from "#lib/rooms/shares/require-share.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { auditorPage } from "#lib/web/sign-in/current-session.ts"
import { AdminShareEnd } from "./admin-share-end.tsx"
import { AdminShareStatus } from "./admin-share-status.tsx"

const EVENTS_PER_PAGE = 20

const AdminShareQuery = ListQuery.extend({ after: FilesPlace.optional() })

type Props = { params: Promise<{ id: string }>; searchParams: PageQuery }

// Cached because both the title and the page call it.
const findShare = cache(async (id: string) => requireAnyShare(await auditorPage(), id))

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const share = await findShare((await params).id)
  return { title: shareName(share, await getTranslations("member.shares")) }
})

/** Shows any member's share to an admin: status, files, conditions, and the actions that end it. */
export default pageOfAuditor(async function AdminSharePage(admin, { params, searchParams }: Props) {
  const share = await findShare((await params).id)
  const { q = "", after = "", cursor } = await readListQuery(AdminShareQuery, searchParams)
  const page = { limit: EVENTS_PER_PAGE, ...(cursor && { cursor }) }
  const [questions, listed, events, hold] = await Promise.all([
    listQuestionsAsAdmin(admin.auditorId, share.id),
    readInTurn({ member: admin.id }, () => listSharedFiles({ shareId: share.id, q, after })),
    listEventsAsAdmin(admin.auditorId, share.id, page),
    findLegalHold(admin.auditorId, share.id),
  ])
  const t = await getTranslations("admin.shares")
  const locale = await getLocale()
  const words = await getTranslations("member.shares")
  const receipts = await getTranslations("member.receipts")
  const path = `/admin/shares/${share.id}`
  const now = admin.now.toISOString()
  const leading = leadingNumber(share)
  // The browser needs only the first file, to name the share.
  const shown = { ...share, files: share.files.slice(0, 1) }
  return (
    <>
      <DetailHead
        back={{ href: "/admin/shares", text: t("back") }}
        sign={<ShareRing share={share} now={now} size={52} />}
        title={shareName(share, words)}
        line={
          <Dotted
            items={[
              <TextLink
                key="shares"
                href={`/admin/shares?ownerId=${share.owner.id}`}
                title={share.owner.email}
              >
                {t("by", { name: share.owner.name })}
              </TextLink>,
              <TextLink key="member" href={`/admin/members/${share.owner.id}`}>
                {t("theMember")}
              </TextLink>,
            ]}
            end={
              <DottedItem className="max-sm:basis-full">
                <LapseLine share={shown} now={now} />
              </DottedItem>
            }
          />
        }
      />
      <AdminShareStatus share={shown} questions={questions} now={now} readOnly={!isAdmin(admin)} />
      <dl className="mb-8 flex flex-wrap gap-x-7 gap-y-3">
        {numbersOf(share).map(([name, count]) => (
          <div key={name} className={name === leading ? "-order-1" : undefined}>
            <dt className="text-sm text-soft">{t(`numbers.${name}`)}</dt>
            <dd className="text-[1.625rem] leading-tight font-semibold tracking-[-0.02em]">
              {count.toLocaleString(locale)}
            </dd>
          </div>
        ))}
      </dl>
      {isAdmin(admin) && <AdminShareEnd share={shown} hold={hold} />}
      <div className="mt-10">
        <ShareFiles share={share} listed={listed} q={q} after={after} path={path} />
      </div>
      <ConditionList share={shown} now={now} className="mt-10" />
      <Part id="events" title={receipts("events")} className="mt-10">
        <Events
          events={events}
          now={now}
          at={cursor}
          href={(at) => listAddress(path, { q, cursor: at })}
        />
      </Part>
    </>
  )
}, "/admin/shares")

/** Its counts by name: downloads only where there may be any, and viewers where there were some. */
function numbersOf({ viewOnly, views, previews, downloads, viewers }: ShareView) {
  const taken = downloads - viewers
  const numbers: ["views" | "previews" | "downloads" | "viewers", number][] = [
    ["views", views],
    ["previews", previews],
  ]
  if (!viewOnly || taken > 0) numbers.push(["downloads", taken])
  if (viewers > 0) numbers.push(["viewers", viewers])
  return numbers
}
