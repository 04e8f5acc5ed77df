import { getTranslations } from "next-intl/server"
import { cache } from "react"
import { z } from "zod"
import { LinkRecipients, readRecipients } from "#app/(member)/link-recipients.tsx"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { QrCode } from "#components/shares/qr-code.tsx"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { pathsOf } from "#lib/adapters/http/owner-path.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { fatesOf } from "#lib/rooms/files/retention/keep-files.ts"
import { listDeliveries } from "#lib/rooms/requests/list-deliveries.ts"
import { requireRequest } from "#lib/rooms/requests/read-requests.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import { type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"
import { RequestDetail } from "./request-detail.tsx"

type Props = { params: Promise<{ id: string }>; searchParams: PageQuery }

const SENDERS_PER_PAGE = 20

const RequestPageQuery = ListQuery.pick({ cursor: true }).extend({
  delivery: Uuid.optional(),
  people: Uuid.optional(),
  who: z.string().trim().max(200).optional(),
})

// Cached because both the title and the page call it.
const findRequest = cache(async (id: string) => requireRequest((await memberPage()).owner, id))

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const { title } = await findRequest((await params).id)
  return { title }
})

export default pageOfMember(async function RequestPage(member, { params, searchParams }: Props) {
  const request = await findRequest((await params).id)
  const query = await readListQuery(RequestPageQuery, searchParams)
  const { cursor, delivery: deliveryId } = query
  const path = pathsOf(member)(`/requests/${request.id}`)
  const now = member.now.toISOString()
  const [deliveries, settings, people] = await Promise.all([
    orNotFound(
      listDeliveries(member.owner, request.id, { deliveryId, cursor, limit: SENDERS_PER_PAGE }),
    ),
    pageSettings(),
    orNotFound(readRecipients(member.owner, { id: request.id, kind: "request" }, query)),
  ])
  if (!deliveries || !people) return <NotFoundMessage home={path} />
  const fates = await fatesOf(deliveries.items.flatMap(({ files }) => files.map(({ id }) => id)))
  return (
    <RequestDetail
      fates={fates}
      request={request}
      deliveries={deliveries}
      deliveryId={deliveryId}
      cursor={cursor}
      now={now}
      settings={settings}
      qrCodes={<QrCodes request={request} />}
      recipients={
        <LinkRecipients
          of={{ ...request, kind: "request", viewOnly: false }}
          read={people}
          query={query}
          path={path}
          settings={settings}
          now={now}
        />
      }
    />
  )
}, "/requests")

/** The QR code of a request's link, and of its chosen address. */
async function QrCodes({ request: { url, slug } }: { request: RequestView }) {
  const t = await getTranslations("member")
  if (url === null) return null
  const fixed = slug && new URL(`/r/${slug}`, url).href
  return (
    <>
      <QrCode text={url} label={t("share.qr")} size={232} />
      {fixed && <QrCode text={fixed} label={t("requests.detail.qrFixed")} size={232} />}
    </>
  )
}
