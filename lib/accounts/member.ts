import { z } from "zod"

declare const memberBrand: unique symbol
declare const adminBrand: unique symbol

/** Proof that a session was checked: only lib/web/session.ts makes one (and tests). */
export type MemberId = string & { readonly [memberBrand]: true }
/** Proof that the session is an admin's. */
export type AdminId = MemberId & { readonly [adminBrand]: true }

export type Role = "member" | "admin"

/** Who is signed in. */
export type SessionMember = {
  id: MemberId
  /** Null for a member who is no admin. */
  adminId: AdminId | null
  email: string
  name: string
  role: Role
}

export const Email = z
  .email("Write an email address like name@example.org.")
  .max(254)
  .transform((email) => email.trim().toLowerCase())

export const MemberName = z
  .string()
  .trim()
  .min(1, "Write a name.")
  .max(80, "Use at most 80 characters.")

export const Password = z
  .string()
  .min(10, "Use at least 10 characters.")
  .max(200, "Use at most 200 characters.")
