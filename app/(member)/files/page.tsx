import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { z } from "zod"
import { orOutage } from "#app/or-outage.tsx"
import { ListSearch } from "#components/lists/list-search.tsx"
import { ListTabs } from "#components/lists/list-tabs.tsx"
import { RememberedSortSelect } from "#components/lists/sort-select.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { findListSort } from "#lib/accounts/list-sorts.ts"
import type { MemberId } from "#lib/accounts/member.ts"
import { FILE_SORTS, FileListQuery, type FileSort } from "#lib/files/file.ts"
import { countFiles, listFiles } from "#lib/files/list-files.ts"
import { listFolders } from "#lib/files/list-folders.ts"
import { readUsage } from "#lib/files/objects/quota.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"
import { ShareUploads } from "../shares/share-uploads.tsx"
import { FolderPath } from "./folder-path.tsx"
import { MemberFileList } from "./member-file-list.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("member.files")
  return { title: t("heading") }
}

const FilesQuery = FileListQuery.omit({ shared: true, folder: true, status: true }).extend({
  view: z.enum(["all", "unshared"]).optional(),
})

/** Lists a folder, or for a search or a tab the matching files of all folders below it. */
export default orOutage(async function FilesPage({ searchParams }: { searchParams: PageQuery }) {
  const member = await memberPage()
  const now = member.now.toISOString()
  const query = await readListQuery(FilesQuery, searchParams)
  const { q = "", view = "", path = "", cursor, limit } = query
  const flat = q !== "" || view !== ""
  const sort = query.sort ?? (await rememberedSort(member.id))
  const filter = flat
    ? { q, folder: path, ...(view === "unshared" && { shared: false }) }
    : { path }
  const [list, folders, all, unshared, usage, settings] = await Promise.all([
    orNotFound(listFiles(member.id, { ...filter, sort, cursor, limit })),
    flat || cursor ? [] : listFolders(member.id, path),
    countFiles(member.id, { folder: path }),
    countFiles(member.id, { folder: path, shared: false }),
    readUsage(member.id),
    pageSettings(),
  ])
  if (!list) return <NotFoundMessage home="/files" />
  const { items, nextCursor, prevCursor } = list
  const t = await getTranslations("member.files")
  const words = await getTranslations("member.folders")
  const lists = await getTranslations("member.lists")
  const shown = { q, view, path, sort: query.sort, limit: limit?.toString() }
  const href = (at: string | null) => listAddress("/files", { ...shown, cursor: at })
  const tab = (value: "" | "all" | "unshared", text: string, count?: number | null) => ({
    href: listAddress("/files", { path, view: value, sort: query.sort }),
    text,
    ...(count !== undefined && { count }),
    current: q === "" && view === value,
  })
  return (
    <div data-wide className="group/list">
      <ShareUploads settings={settings} usage={usage} now={now} shares={null} />
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <h1 className="text-xl">{t("heading")}</h1>
        <ListSearch
          path="/files"
          label={t("searchLabel")}
          q={q}
          keep={{ ...(path && { path }), ...(view && { view }) }}
        >
          <RememberedSortSelect
            label={lists("sortLabel")}
            value={sort}
            items={FILE_SORTS.map((value) => ({ value, text: lists(`sort.${value}`) }))}
            list="files"
          />
        </ListSearch>
      </div>
      <ListTabs
        label={lists("tabsLabel")}
        tabs={[
          tab("", words("folders")),
          tab("all", words("files"), all),
          tab("unshared", words("unshared"), unshared),
        ]}
      />
      {path && <FolderPath path={path} />}
      <div className="transition-opacity group-has-[[aria-busy=true]]/list:opacity-50">
        {items.length + folders.length > 0 ? (
          <MemberFileList
            // A new list starts without a selection.
            key={`${view} ${q} ${path}`}
            files={items}
            folders={folders}
            path={path}
            flat={flat}
            hasMore={nextCursor !== null || prevCursor !== null}
            filter={
              flat
                ? { q, folder: path, ...(view === "unshared" && { shared: "false" as const }) }
                : { folder: path }
            }
            now={now}
            settings={settings}
          />
        ) : q || cursor || path ? (
          <Empty
            title={q || cursor ? t("nothingFound") : words("empty")}
            action={
              <LinkButton href="/files" variant="quiet" size="sm">
                {t("showAll")}
              </LinkButton>
            }
          />
        ) : view === "unshared" && all !== 0 ? (
          <Empty title={words("allShared")} />
        ) : (
          <Empty title={t("empty")}>{t("emptyText")}</Empty>
        )}
        <Pager at={cursor} page={list} href={href} />
      </div>
    </div>
  )
})

/** The sort order that the member chose last. */
async function rememberedSort(member: MemberId): Promise<FileSort> {
  const sort = FileListQuery.shape.sort.safeParse(await findListSort(member, "files"))
  return sort.data ?? "-created"
}
