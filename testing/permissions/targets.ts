import { db } from "#lib/adapters/database.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import type { AdminId, PersonId } from "#lib/rooms/accounts/member.ts"
import { approveDevice, beginDevice, UserCode } from "#lib/rooms/accounts/tokens/device.ts"
import { sealEntries } from "#lib/rooms/audit/chain/seal-entries.ts"
import { sealedHead } from "#lib/rooms/audit/chain/sealed-head.ts"
import { beginCutOff } from "#lib/rooms/cut-offs/begin-cut-off.ts"
import { moveFiles } from "#lib/rooms/files/move-files.ts"
import { finishThumbnail } from "#lib/rooms/files/thumbnails/finish-thumbnail.ts"
import { revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import {
  aFile,
  anUploadInParts,
  aPicture,
  aStartedFile,
  sendThumbnail,
} from "#testing/builders/a-file.ts"
import { aRecipientOf } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { aSession, sessionMember } from "#testing/builders/a-session.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { signIn } from "../call-api.ts"
import type { Caller, Target } from "./callers.ts"

type People = { owner: PersonId; admin: AdminId }

const shareOf = async ({ owner }: People) =>
  (await aShare({ owner, fileIds: [(await aFile({ owner })).id] })).id

const aDevice = () => beginDevice({ name: "Laptop", scopes: ["files:read"] }, "192.0.2.1")

/** The ids of a share or request, and of the revoked link of its recipient. */
async function recipientOf(shareId: string) {
  const maria = { name: "Maria", address: "maria@example.org", revokedAt: new Date(0) }
  return `${shareId} ${(await aRecipientOf({ shareId }, maria)).linkId}`
}

/** Creates the target of an id, and returns the id. */
const MAKE: Record<Target, (people: People) => Promise<string>> = {
  file: async ({ owner }) => (await aFile({ owner })).id,
  "file in a folder": async ({ owner }) => {
    const { id } = await aFile({ owner })
    await moveFiles(owner, { fileIds: [id], path: "Plans" })
    return id
  },
  upload: async ({ owner }) => {
    const { file, put } = await aStartedFile({ owner })
    await put()
    return file.id
  },
  "upload in parts": async ({ owner }) => (await anUploadInParts({ owner, size: 10 })).file.id,
  picture: async ({ owner }) => (await aPicture(owner)).id,
  "picture with a thumbnail that arrived": async ({ owner }) => {
    const { id } = await aPicture(owner)
    await sendThumbnail(owner, id)
    return id
  },
  "picture with a thumbnail": async ({ owner }) => {
    const { id } = await aPicture(owner)
    await sendThumbnail(owner, id)
    await finishThumbnail(owner, id)
    return id
  },
  share: shareOf,
  "share its owner revoked": async (people) => {
    const id = await shareOf(people)
    await revokeShare(people.owner, id)
    return id
  },
  "share an admin revoked": async (people) => {
    const id = await shareOf(people)
    await revokeShares(people.admin, { ids: [id], dryRun: false })
    return id
  },
  recipient: async (people) => recipientOf(await shareOf(people)),
  "recipient of a request": async ({ owner }) => recipientOf((await aRequest({ owner })).id),
  request: async ({ owner }) => (await aRequest({ owner })).id,
  "request its owner revoked": async ({ owner }) => {
    const { id } = await aRequest({ owner })
    await revokeRequest(owner, id)
    return id
  },
  "request with a delivery": async ({ owner }) => {
    const { id, publicId } = await aRequest({ owner })
    await sentBy(await aGuest(publicId))
    return id
  },
  delivery: async ({ owner }) => {
    const guest = await aGuest((await aRequest({ owner })).publicId)
    await sentBy(guest)
    return guest.deliveryId
  },
  session: async ({ owner }) => (await aSession(owner)).sessionId,
  member: async () => aMember(),
  token: async ({ owner }) => (await aToken(owner, ["files:read"])).id,
  "authenticator app": async ({ owner }) => (await aSecondFactor(owner)).code(),
  device: async () => (await aDevice()).userCode,
  "approved device": async ({ owner }) => {
    const { userCode, deviceCode } = await aDevice()
    const by = await sessionMember(await aSession(owner))
    await approveDevice(by, UserCode.parse({ userCode }))
    return deviceCode
  },
  passkey: async ({ owner }) => (await aPasskey(owner)).passkey.id,
  "member with second factors": async () => {
    const id = await aMember()
    await aPasskey(id)
    await aSecondFactor(id)
    return id
  },
  invitation: async ({ admin }) => (await inviteMember(admin, { email: null, role: "member" })).id,
  team: async ({ owner }) => aTeam({ manager: owner }),
  "person of a team": async ({ owner }) => {
    const person = await aMember()
    return `${await aTeam({ manager: owner, people: [person] })} ${person}`
  },
  "share and team": async (people) =>
    `${await shareOf(people)} ${await aTeam({ manager: people.owner })}`,
  revocation: ({ admin }) => db.$transaction((tx) => beginCutOff(tx, { requestedById: admin })),
  "sealed audit log": async ({ admin }) => {
    await inviteMember(admin, { email: null, role: "member" })
    // Transactions of other tests may be older than the entry and delay its seal.
    while (!(await sealedHead())) {
      await sealEntries()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return ""
  },
}

export async function somePeople() {
  return {
    owner: await aMember(),
    other: await aMember(),
    auditor: await aMember({ role: "auditor" }),
    admin: await anAdmin(),
  }
}

/** Creates a target of these people. */
export const aTarget = async (on: Target | undefined, people: People) =>
  on ? MAKE[on](people) : ""

/** The member who calls; null without a session. The owner stays disabled. */
export async function askerOf(
  caller: Caller,
  { owner, other, auditor, admin }: Awaited<ReturnType<typeof somePeople>>,
): Promise<string | null> {
  switch (caller) {
    case "owner":
      return owner
    case "other":
      return other
    case "auditor":
      return auditor
    case "admin":
      return admin
    case "disabled":
      await editMember(admin, owner, { role: "admin" })
      await signIn(owner)
      await editMember(admin, owner, { disabled: true })
      return owner
    case "visitor":
      return null
  }
}
