import { getTranslations } from "next-intl/server"
import { cache } from "react"
import { LinkRecipients, readRecipients } from "#app/(member)/link-recipients.tsx"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { ActivitySection } from "#components/shares/activity/activity-section.tsx"
import { GuessingNotice } from "#components/shares/activity/guessing-notice.tsx"
import { ShareFiles } from "#components/shares/share-files.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { pathsOf } from "#lib/adapters/http/owner-path.ts"
import { recentGuesses } from "#lib/adapters/throttle/guess-counts.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { chartTimes, rangeOfAge } from "#lib/rooms/activity/charts/chart-range.ts"
import { shareActivity } from "#lib/rooms/activity/charts/share-activity.ts"
import { listEvents } from "#lib/rooms/activity/list-events.ts"
import { shareCounts } from "#lib/rooms/activity/share-counts.ts"
import { fatesOf } from "#lib/rooms/files/retention/keep-files.ts"
import { listQuestions } from "#lib/rooms/questions/list-questions.ts"
import { listSharedFiles } from "#lib/rooms/shares/list/list-shared-files.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { readerZone } from "#lib/web/reader-zone.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"
import { FateBadge } from "../../files/fate-badge.tsx"
import { FileActions } from "../../files/file-actions.tsx"
import { FileMenu } from "../../files/file-menu.tsx"
import { NAMES_SHOWN, ShareChart, ShareParts } from "./share-charts.tsx"
import { ShareDetail } from "./share-detail.tsx"
import { AddFiles, TakeOut } from "./share-file-actions.tsx"
import { ShareHistory, SharePageQuery, ShareVisitors } from "./share-history.tsx"

type Props = { params: Promise<{ id: string }>; searchParams: PageQuery }

const RECEIPTS_PER_PAGE = 20
const EVENTS_PER_PAGE = 20

// Cached because both the title and the page call it.
const findShare = cache(async (id: string) => requireShare((await memberPage()).owner, id))

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const share = await findShare((await params).id)
  return { title: shareName(share, await getTranslations("member.shares")) }
})

export default pageOfMember(async function SharePage(member, { params, searchParams }: Props) {
  const share = await findShare((await params).id)
  const query = await readListQuery(SharePageQuery, searchParams)
  const now = member.now.toISOString()
  const zone = await readerZone()
  const range = query.range ?? rangeOfAge(member.now.getTime() - Date.parse(share.createdAt))
  const times = chartTimes(range, zone, member.now)
  const path = pathsOf(member)(`/shares/${share.id}`)
  const { q = "", after = "" } = query
  const [read, questions, counts, listed, settings, people] = await Promise.all([
    orNotFound(readActivity(member.owner, share, query)),
    listQuestions(member.owner, share.id),
    shareCounts(member.owner, share.id, { since: times.since, names: NAMES_SHOWN }),
    readInTurn({ member: member.id }, () => listSharedFiles({ shareId: share.id, q, after })),
    pageSettings(),
    orNotFound(readRecipients(member.owner, { id: share.id, kind: "share" }, query)),
  ])
  if (!read || !people) return <NotFoundMessage home={path} />
  const fates = await fatesOf(listed.files.map(({ id }) => id))
  const { activity, events, guesses } = read
  const history = { share, activity, query, path, now }
  const chart = { shareId: share.id, team: member.team?.slug ?? null, counts, range, zone }
  const wasOpened = share.views + share.downloads + share.previews > 0
  return (
    <ShareDetail
      // The browser needs only the first file, to name the share.
      share={{ ...share, files: share.files.slice(0, 1) }}
      questions={questions}
      now={now}
      settings={settings}
      notice={<GuessingNotice {...guesses} />}
    >
      <LinkRecipients
        of={{ ...share, kind: "share" }}
        read={people}
        query={query}
        path={path}
        settings={settings}
        now={now}
      />
      <FileActions>
        <ShareFiles
          share={share}
          listed={listed}
          takers={activity.takers}
          badge={({ id }) => <FateBadge {...fates.get(id)} now={now} />}
          q={q}
          after={after}
          path={path}
          aside={
            share.status !== "revoked" && (
              <AddFiles shareId={share.id} variant="text" className="-me-1 px-1!" />
            )
          }
          menu={({ id, name, status, sha256, sha256Verified }) => (
            <FileMenu
              file={{ id, name, status, sha256, sha256Verified, ...fates.get(id) }}
              keepDays={settings.retention.keepDays}
            >
              {share.fileCount > 1 && <TakeOut shareId={share.id} file={{ id, name }} />}
            </FileMenu>
          )}
        />
      </FileActions>
      <ActivitySection share={share} activity={activity} now={now}>
        {wasOpened && (
          <ShareChart
            {...chart}
            times={times}
            now={now}
            addressOf={(each) => listAddress(path, { range: each })}
          />
        )}
        <ShareVisitors {...history} />
        {wasOpened && <ShareParts {...chart} />}
        <ShareHistory {...history} events={events} />
      </ActivitySection>
    </ShareDetail>
  )
}, "/shares")

/** Reads the share's activity for the page. Refuses an invalid cursor. */
async function readActivity(owner: OwnerId, share: ShareView, { before, cursor }: SharePageQuery) {
  const { id, files, views } = share
  const [activity, events, guesses] = await Promise.all([
    shareActivity(owner, id, { files, views, limit: RECEIPTS_PER_PAGE, cursor: before }),
    listEvents(owner, id, { limit: EVENTS_PER_PAGE, ...(cursor ? { cursor } : {}) }),
    recentGuesses(id),
  ])
  return { activity, events, guesses }
}
