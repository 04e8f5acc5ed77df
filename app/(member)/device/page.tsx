import { getTranslations } from "next-intl/server"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { titled } from "#app/or-outage.tsx"
import { DeviceForm } from "./device-form.tsx"

export const generateMetadata = titled("accounts.device.title")

export default pageOfMember(async function DevicePage(member) {
  const t = await getTranslations("accounts.device")
  return (
    <div className="max-w-120">
      <h1 className="text-title">{t("title")}</h1>
      <p className="mt-2 mb-6 text-soft">{t("lead")}</p>
      <DeviceForm now={member.now.toISOString()} />
    </div>
  )
}, "/settings")
