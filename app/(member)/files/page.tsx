import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { ListSearch } from "#components/list-search.tsx"
import { NotFoundMessage } from "#components/not-found-message.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/pager.tsx"
import { listFiles } from "#lib/files/list-files.ts"
import { readUsage } from "#lib/files/quota.ts"
import { ListQuery } from "#lib/list-query.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { memberPage } from "#lib/web/session.ts"
import { shareSettings } from "#lib/web/share-settings.ts"
import { ShareUploads } from "../shares/share-uploads.tsx"
import { FileList } from "./file-list.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("member.files")
  return { title: t("heading") }
}

export default async function FilesPage({ searchParams }: { searchParams: PageQuery }) {
  const member = await memberPage()
  const now = member.now.toISOString()
  const query = await readListQuery(ListQuery, searchParams)
  const [list, usage] = await Promise.all([
    orNotFound(listFiles(member.id, query)),
    readUsage(member.id),
  ])
  if (!list) return <NotFoundMessage home="/files" />
  const { items, nextCursor } = list
  const t = await getTranslations("member.files")
  const { q = "", cursor, limit } = query
  const settings = await shareSettings()
  const asked = { q, limit: limit?.toString() }
  return (
    <>
      <ShareUploads settings={settings} usage={usage} now={now} shares={null} />
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <h1 className="text-xl">{t("heading")}</h1>
        <ListSearch path="/files" label={t("searchLabel")} q={q} />
      </div>
      <FileList files={items} now={now} settings={settings} />
      {items.length === 0 &&
        (q || cursor ? (
          <Empty
            title={t("nothingFound")}
            action={
              <LinkButton href="/files" variant="quiet" size="sm">
                {t("showAll")}
              </LinkButton>
            }
          />
        ) : (
          <Empty title={t("empty")}>{t("emptyText")}</Empty>
        ))}
      <Pager
        firstHref={cursor ? listAddress("/files", asked) : null}
        nextHref={nextCursor && listAddress("/files", { ...asked, cursor: nextCursor })}
      />
    </>
  )
}
