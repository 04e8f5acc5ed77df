import type { Role } from "#lib/rooms/accounts/member.ts"

/** The apps that Lapse imports from. */
export const APPS = ["pingvin", "palmr"] as const
export type App = (typeof APPS)[number]

export type SourceMember = {
  id: string
  email: string
  name: string
  role: Role
  disabled: boolean
  /** A hash that the app made; null if the member signs in in another way. */
  passwordHash: string | null
  createdAt: Date
}

/**
 * Where the bytes of a file are: in a file of the app's directory, or in an object of its bucket.
 */
export type Place = {
  /** Paths below the app's directory; the first that exists counts. */
  paths: string[]
  /** The bucket is null if the app's database does not name it. */
  object: { bucket: string | null; key: string } | null
}

export type SourceFile = {
  id: string
  /** The id of its member; null if there is none. */
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
  /** Null if it never expires. */
  expiresAt: Date | null
  passwordHash: string | null
  /** How often it may be opened; null for any number. */
  maxViews: number | null
  views: number
  fileIds: string[]
  /** The last part of the addresses under which the app serves it. */
  linkIds: string[]
}

/** Something that is not imported, and the reason. */
export type LeftOut = { what: string; why: string }

/** Data that is imported from no app. */
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
