import { ArrowLeft } from "lucide-react"
import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { cache, type ReactNode } from "react"
import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { listSharesOfFile, requireAnyFile } from "#lib/admin/list-all-files.ts"
import { formatBytes } from "#lib/text/format-bytes.ts"
import { adminPage } from "#lib/web/sign-in/current-session.ts"

type Props = { params: Promise<{ id: string }> }

// Cached because both the title and the page call it.
const findFile = cache(async (id: string) => requireAnyFile((await adminPage()).adminId, id))

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const { name } = await findFile((await params).id)
  return { title: name }
})

/** Shows the metadata of any member's file, its owner, and the shares that contain it. */
export default pageOfAdmin(async function AdminFilePage(admin, { params }: Props) {
  const file = await findFile((await params).id)
  const shares = await listSharesOfFile(admin.adminId, file.id)
  const t = await getTranslations("admin.files")
  const words = await getTranslations("member.shares")
  return (
    <>
      <Link
        href="/admin/files"
        prefetch={false}
        className="mb-6 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-ink"
      >
        <ArrowLeft aria-hidden size={16} className="rtl:-scale-x-100" />
        {t("back")}
      </Link>
      <h1 className="mb-7 text-title wrap-anywhere">
        <bdi>{file.name}</bdi>
      </h1>
      <dl className="grid max-w-180 grid-cols-[max-content_minmax(0,1fr)] gap-x-8 gap-y-3">
        <Fact name={t("columnOwner")}>
          <Link
            href={`/admin/members/${file.owner.id}`}
            prefetch={false}
            title={file.owner.email}
            className="underline decoration-edge underline-offset-3 hover:decoration-current"
          >
            {file.owner.name}
          </Link>
        </Fact>
        <Fact name={t("columnSize")}>{formatBytes(file.size, await getLocale())}</Fact>
        <Fact name={t("type")}>{file.contentType}</Fact>
        {file.path && <Fact name={t("folder")}>{file.path}</Fact>}
        <Fact name={t("columnSince")}>
          <LocalTime at={file.createdAt} form="full" now={admin.now} />
        </Fact>
        <Fact name={t("statusLabel")}>
          {t(file.status === "uploading" ? "status.uploading" : "status.ready")}
        </Fact>
        {file.sha256 && (
          <Fact name="SHA-256">
            <code className="font-mono text-sm">{file.sha256}</code>
          </Fact>
        )}
      </dl>
      <section className="mt-9 border-t border-line pt-7">
        <h2 className="mb-4 text-lg font-semibold tracking-[-0.015em]">
          {t("sharesTitle", { count: shares.length })}
        </h2>
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
        <div className="mt-6 flex flex-wrap gap-3">
          {file.openShares > 0 && (
            <LinkButton href={`/admin/panic?what=file&fileId=${file.id}`} variant="quiet">
              {t("revokeShares")}
            </LinkButton>
          )}
          <LinkButton href={`/admin/audit?targetId=${file.id}`} variant="quiet">
            {t("audit")}
          </LinkButton>
        </div>
      </section>
    </>
  )
}, "/admin/files")

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </>
  )
}
