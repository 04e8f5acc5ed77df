import { redirect } from "next/navigation"
import { generateMetadata as notFoundMetadata } from "#app/not-found.tsx"
import { NotFoundMessage } from "#components/not-found-message.tsx"
import { adminPage } from "#lib/web/session.ts"

export async function generateMetadata() {
  return (await adminPage()) ? {} : notFoundMetadata()
}

export default async function AdminPage() {
  if (!(await adminPage())) return <NotFoundMessage home="/shares" />
  redirect("/admin/shares")
}
