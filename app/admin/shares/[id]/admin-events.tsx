import { getTranslations } from "next-intl/server"
import { orOutage } from "#app/or-outage.tsx"
import { EventList } from "#components/shares/activity/event-list.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import type { AdminId } from "#lib/accounts/member.ts"
import { listEventsAsAdmin } from "#lib/activity/list-events.ts"
import { listAddress } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"

const PER_PAGE = 20

type AdminEventsProps = {
  shareId: string
  adminId: AdminId
  cursor: string | undefined
  now: string
}

/** The events of a share, newest first. */
export const AdminEvents = orOutage(async function AdminEvents({
  shareId,
  adminId,
  cursor,
  now,
}: AdminEventsProps) {
  const t = await getTranslations("member.receipts")
  const page = { limit: PER_PAGE, ...(cursor ? { cursor } : {}) }
  const events = await orNotFound(listEventsAsAdmin(adminId, shareId, page))
  return (
    <section aria-labelledby="events" className="mt-10">
      <h2 id="events" className="mb-2.5 text-note">
        {t("events")}
      </h2>
      {events && events.items.length > 0 ? (
        <EventList events={events.items} now={now} />
      ) : (
        <p className="border-t border-line py-3 text-soft">{t("noEvents")}</p>
      )}
      <Pager
        className="my-5"
        label={t("eventPages")}
        at={cursor}
        page={events}
        href={(at) => listAddress(`/admin/shares/${shareId}`, { cursor: at })}
      />
    </section>
  )
})
