import { getTranslations } from "next-intl/server"
import { cache } from "react"
import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { Dotted, DottedItem } from "#components/lists/dotted.tsx"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { RequestFacts } from "#components/requests/request-facts.tsx"
import { RequestNumbers } from "#components/requests/request-numbers.tsx"
import { LapseLine } from "#components/shares/expiry/share-lapse.tsx"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { findLegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { requireAnyRequest } from "#lib/rooms/requests/read-requests.ts"
import { auditorPage } from "#lib/web/sign-in/current-session.ts"
import { AdminRequestEnd } from "./admin-request-end.tsx"

type Props = { params: Promise<{ id: string }> }

// Cached because both the title and the page call it.
const findRequest = cache(async (id: string) => requireAnyRequest(await auditorPage(), id))

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const { title } = await findRequest((await params).id)
  return { title }
})

/** Shows any member's request to an admin, without what senders wrote, and the actions that end it. */
export default pageOfAuditor(async function AdminRequestPage(admin, { params }: Props) {
  const request = await findRequest((await params).id)
  const t = await getTranslations("admin")
  const words = await getTranslations("member")
  const now = admin.now.toISOString()
  const { owner, folder, revokedAt, revokedBy, revokeReason } = request
  return (
    <>
      <DetailHead
        back={{ href: "/admin/requests", text: t("requests.heading") }}
        sign={<ShareRing share={request} now={now} size={52} />}
        title={request.title}
        line={
          <Dotted
            items={[
              <TextLink
                key="shares"
                href={`/admin/requests?ownerId=${owner.id}`}
                title={owner.email}
              >
                {t("shares.by", { name: owner.name })}
              </TextLink>,
              <TextLink key="member" href={`/admin/members/${owner.id}`}>
                {t("shares.theMember")}
              </TextLink>,
            ]}
            end={
              <DottedItem className="max-sm:basis-full">
                <LapseLine share={request} now={now} />
              </DottedItem>
            }
          />
        }
      />
      {revokedAt && (
        <Notice className="mb-8">
          <p>
            {revokedBy?.admin
              ? words.rich("requests.detail.revokedByAdmin", {
                  name: revokedBy.name,
                  when: () => <LocalTime at={revokedAt} now={now} />,
                })
              : t.rich("requests.revokedByOwner", {
                  name: owner.name,
                  when: () => <LocalTime at={revokedAt} now={now} />,
                })}
          </p>
          {revokeReason && (
            <p className="mt-1 wrap-anywhere">{words("share.reason", { reason: revokeReason })}</p>
          )}
        </Notice>
      )}
      <RequestNumbers request={request} />
      {isAdmin(admin) && (
        <AdminRequestEnd request={request} hold={await findLegalHold(admin.adminId, request.id)} />
      )}
      <RequestFacts
        request={request}
        now={now}
        folder={<bdi>{folder || words("folders.all")}</bdi>}
        className="mt-10"
      />
    </>
  )
}, "/admin/requests")
