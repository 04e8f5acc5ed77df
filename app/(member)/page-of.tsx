import type { ReactNode } from "react"
import { type MessageKey, metadataOrOutage, orOutage, titled } from "#app/or-outage.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { pathsOf } from "#lib/adapters/http/owner-path.ts"
import type { SessionAdmin, SessionAuditor, SessionMember } from "#lib/rooms/accounts/member.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { adminPage, auditorPage, memberPage } from "#lib/web/sign-in/current-session.ts"

type Render<Who, Props> = (who: Who, props: Props) => Promise<ReactNode>

/**
 * Makes a member's page. It shows an outage as a message, and an id that a room refuses as unknown
 * or invalid as "not found", with a link to `home`.
 */
export const pageOfMember = <Props,>(render: Render<SessionMember, Props>, home: `/${string}`) =>
  orOutage(async (props: Props) => {
    const member = await orNotFound(memberPage())
    // A team that the member is not in.
    if (!member) return <NotFoundMessage home={home} />
    return orNothing(render(member, props), pathsOf(member)(home))
  })

const pageFor =
  <Who,>(find: () => Promise<Who>) =>
  <Props,>(render: Render<Who, Props>, home: string) =>
    orOutage(async (props: Props) => {
      const who = await orNotFound(find())
      if (!who) return <NotFoundMessage home="/shares" />
      return orNothing(render(who, props), home)
    })

/** Makes an admin's page, like pageOfMember. For other members it does not exist. */
export const pageOfAdmin = pageFor<SessionAdmin>(adminPage)
/** Makes a page that auditors see too, like pageOfAdmin. It has no controls that change anything. */
export const pageOfAuditor = pageFor<SessionAuditor>(auditorPage)

const titledFor = (find: () => Promise<SessionMember>) => (key: MessageKey) =>
  metadataOrOutage(async () => {
    await find()
    return titled(key)()
  })

/** Makes the generateMetadata of an admin's page whose title is a message. */
export const titledForAdmin = titledFor(adminPage)
export const titledForAuditor = titledFor(auditorPage)

const orNothing = async (page: Promise<ReactNode>, home: string) =>
  (await orNotFound(page)) ?? <NotFoundMessage home={home} />
