import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { cache } from "react"
import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { UncheckedBadge } from "#components/files/unchecked-badge.tsx"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { Facts, LinedFact } from "#components/pages/facts.tsx"
import { Section } from "#components/pages/section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { listSharesOfFile, requireAnyFile } from "#lib/rooms/admin/list-all-files.ts"
import { auditorPage } from "#lib/web/sign-in/current-session.ts"
import { ReleaseFile } from "./release-file.tsx"

type Props = { params: Promise<{ id: string }> }

// Cached because both the title and the page call it.
const findFile = cache(async (id: string) => requireAnyFile((await auditorPage()).auditorId, id))

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const { name } = await findFile((await params).id)
  return { title: name }
})

/** Shows the metadata of any member's file, its owner, and the shares that contain it. */
export default pageOfAuditor(async function AdminFilePage(admin, { params }: Props) {
  const file = await findFile((await params).id)
  const shares = await listSharesOfFile(admin.auditorId, file.id)
  const t = await getTranslations("admin.files")
  const words = await getTranslations("member.shares")
  return (
    <>
      <DetailHead
        back={{ href: "/admin/files", text: t("back") }}
        title={file.name}
        actions={
          <div className="flex flex-wrap gap-2">
            <LinkButton href={`/admin/audit?targetId=${file.id}`} variant="quiet" size="sm">
              {t("audit")}
            </LinkButton>
            {isAdmin(admin) && file.openShares > 0 && (
              <LinkButton
                href={`/admin/panic?what=file&fileId=${file.id}`}
                variant="quiet"
                size="sm"
              >
                {t("revokeShares")}
              </LinkButton>
            )}
            {isAdmin(admin) && (file.status === "checking" || file.status === "held") && (
              <ReleaseFile id={file.id} />
            )}
          </div>
        }
      />
      <Facts>
        <LinedFact name={t("columnOwner")}>
          <TextLink href={`/admin/members/${file.owner.id}`} title={file.owner.email}>
            {file.owner.name}
          </TextLink>
        </LinedFact>
        <LinedFact name={t("columnSize")}>{formatBytes(file.size, await getLocale())}</LinedFact>
        <LinedFact name={t("type")}>{file.contentType}</LinedFact>
        {file.path && <LinedFact name={t("folder")}>{file.path}</LinedFact>}
        <LinedFact name={t("columnSince")}>
          <LocalTime at={file.createdAt} form="short" now={admin.now} />
        </LinedFact>
        <LinedFact name={t("statusLabel")}>
          <UncheckedBadge {...file} />
          {file.status === "uploading" && t("status.uploading")}
          {file.status === "ready" && t("status.ready")}
        </LinedFact>
        {file.sha256 && (
          <LinedFact name="SHA-256">
            <code className="font-mono text-sm">{file.sha256}</code>
          </LinedFact>
        )}
      </Facts>
      <Section title={t("sharesTitle", { count: shares.length })}>
        {shares.length > 0 && (
          <ul>
            {shares.map(({ id, title, status, createdAt }) => (
              <li
                key={id}
                className="flex flex-wrap items-baseline justify-between gap-x-4 border-t border-line py-3"
              >
                <Link
                  href={`/admin/shares/${id}`}
                  prefetch={false}
                  className="min-w-0 font-medium wrap-anywhere hover:text-accent"
                >
                  <bdi>{title || file.name}</bdi>
                </Link>
                <span className="text-sm text-soft">
                  {words(`status.${status}`)} ·{" "}
                  <LocalTime at={createdAt} form="date" now={admin.now} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}, "/admin/files")
