import { redirect } from "next/navigation"
import { generateMetadata as nothingHere } from "#app/not-found.tsx"
import { NothingHere } from "#components/nothing-here.tsx"
import { adminPage } from "#lib/web/session.ts"

export async function generateMetadata() {
  return (await adminPage()) ? {} : nothingHere()
}

export default async function AdminPage() {
  if (!(await adminPage())) return <NothingHere home="/shares" />
  redirect("/admin/shares")
}
