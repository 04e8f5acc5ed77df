import { redirect } from "next/navigation"
import { adminPage } from "#lib/web/session.ts"

export default async function AdminPage() {
  await adminPage()
  redirect("/admin/shares")
}
