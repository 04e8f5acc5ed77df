import { cookies } from "next/headers"
import { getTranslations } from "next-intl/server"
import { z } from "zod"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { titled } from "#app/or-outage.tsx"
import { isLow, UsedOf } from "#components/files/usage.tsx"
import { ListPage } from "#components/lists/list-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { LOOK_COOKIE } from "#lib/adapters/http/look-cookie.ts"
import { pathsOf } from "#lib/adapters/http/owner-path.ts"
import { FILE_SORTS, FileListQuery } from "#lib/rooms/files/file.ts"
import { countFiles, listOwnFiles } from "#lib/rooms/files/list-files.ts"
import { listFolders } from "#lib/rooms/files/list-folders.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { DropFiles, ShareUploads } from "../shares/share-uploads.tsx"
import { sortOf } from "../sort-of.ts"
import { FileActions } from "./file-actions.tsx"
import { FolderPath } from "./folder-path.tsx"
import { LookSwitch } from "./look-switch.tsx"
import { MemberFileList } from "./member-file-list.tsx"
import { NewFolder } from "./new-folder.tsx"

export const generateMetadata = titled("member.files.heading")

const FilesQuery = FileListQuery.omit({ shared: true, folder: true, status: true }).extend({
  view: z.enum(["all", "unshared"]).optional(),
})

/** Lists a folder, or for a search or a tab the matching files of all folders below it. */
export default pageOfMember(async function FilesPage(
  member,
  { searchParams }: { searchParams: PageQuery },
) {
  const at = pathsOf(member)
  const now = member.now.toISOString()
  const query = await readListQuery(FilesQuery, searchParams)
  const { q = "", view = "", path = "", cursor, limit } = query
  const flat = q !== "" || view !== ""
  const sort = await sortOf(member.id, { list: "files", sorts: FILE_SORTS, asked: query.sort })
  const filter = flat
    ? { q, folder: path, ...(view === "unshared" && { shared: false }) }
    : { path }
  const [list, folders, all, unshared, usage, settings] = await Promise.all([
    listOwnFiles(member.owner, { ...filter, sort, cursor, limit }),
    flat || cursor ? [] : listFolders(member.owner, path),
    countFiles(member.owner, { folder: path }),
    countFiles(member.owner, { folder: path, shared: false }),
    readUsage(member.owner),
    pageSettings(),
  ])
  const { items, nextCursor, prevCursor } = list
  const hasNone = all === 0 && path === "" && !flat
  const look = (await cookies()).get(LOOK_COOKIE)?.value === "tiles" ? "tiles" : "rows"
  const t = await getTranslations("member.files")
  const words = await getTranslations("member.folders")
  const tab = (value: "" | "all" | "unshared", text: string, count?: number | null) => ({
    href: listAddress(at("/files"), { path, view: value, sort: query.sort }),
    text,
    ...(count !== undefined && { count }),
    current: q === "" && view === value,
  })
  // Little space is shown by ShareUploads, with a bar.
  const used = !isLow(usage) && (
    <p className="self-center text-sm text-soft">
      <UsedOf usage={usage} />
    </p>
  )
  return (
    <FileActions>
      <ListPage
        path={at("/files")}
        query={{ q, view, path, sort: query.sort, limit: limit?.toString() }}
        cursor={cursor}
        page={list}
        wide
        title={t("heading")}
        beside={hasNone ? used : <DropFiles path={path} slim />}
        {...(!hasNone && {
          news: used,
          sort: { value: sort, sorts: FILE_SORTS, list: "files" },
          tabs: [
            tab("", words("folders")),
            tab("all", words("files"), all),
            tab("unshared", words("unshared"), unshared),
          ],
        })}
        tools={
          <>
            <NewFolder path={path} />
            <LookSwitch look={look} />
          </>
        }
        notices={
          <>
            {hasNone && <DropFiles path={path} slim={false} />}
            <ShareUploads settings={settings} usage={usage} now={now} shares={null} />
          </>
        }
      >
        {path && <FolderPath home={at("/files")} path={path} />}
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
            look={look}
            now={now}
            settings={settings}
          />
        ) : q || cursor || path ? (
          <Empty
            title={q || cursor ? t("nothingFound") : words("empty")}
            action={
              <LinkButton href={at("/files")} variant="quiet" size="sm">
                {t("showAll")}
              </LinkButton>
            }
          >
            {!q && !cursor && words("emptyText")}
          </Empty>
        ) : view === "unshared" && all !== 0 ? (
          <Empty title={words("allShared")} />
        ) : (
          <Empty title={t("empty")}>{t("emptyText")}</Empty>
        )}
      </ListPage>
    </FileActions>
  )
}, "/files")
