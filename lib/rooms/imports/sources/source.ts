import type { Role } from "#lib/rooms/accounts/member.ts"

export const APPS = ["pingvin", "palmr"] as const
export type App = (typeof APPS)[number]

export type SourceMember = {
  id: string
  email: string
  name: string
  role: Exclude<Role, "auditor">
  disabled: boolean
  /** A hash from the app; null if the member signs in in another way. */
  passwordHash: string | null
  createdAt: Date
}

/** Where the bytes of a file are: a file in the app's directory, or an object of its bucket. */
export type Place = {
  /** Paths below the app's directory. The first one that exists is used. */
  paths: string[]
  /** The bucket is null if the app's database does not name it. */
  object: { bucket: string | null; key: string } | null
}

export type SourceFile = {
  id: string
  ownerId: string | null
  name: string
  /** The names of its folders, outermost first. */
  folders: string[]
  size: number
  createdAt: Date
  place: Place
}

export type SourceShare = {
  id: string
  ownerId: string | null
  title: string
  message: string
  createdAt: Date
  expiresAt: Date | null
  passwordHash: string | null
  /** How often it may be opened; null for no limit. */
  maxViews: number | null
  views: number
  fileIds: string[]
  /** The last path segments of its addresses in the app. */
  linkIds: string[]
}

export type LeftOut = { what: string; why: string }

/** Data that is not imported from any app. */
export const NOT_IMPORTED: LeftOut = {
  what: "settings, logo, mail and single sign-on of the app",
  why: "set them in Lapse",
}
export const SECOND_FACTORS = "secrets of authenticator apps are not imported"
export const RECIPIENTS = "everybody has the same link in Lapse"
export const REVERSE_SHARES =
  "links by which others upload are not imported; what was received by them is"

/** The content of an app's database, in the same form for every app. */
export type Source = {
  members: SourceMember[]
  files: SourceFile[]
  shares: SourceShare[]
  leftOut: LeftOut[]
}
