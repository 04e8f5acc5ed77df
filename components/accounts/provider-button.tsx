import { useTranslations } from "next-intl"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"

type ProviderButtonProps = {
  /** The provider's display name. */
  name: string
  /** The address that leads to it. */
  href: string
  /** Opens it beside the page, which stays. */
  beside?: boolean
} & Pick<ButtonLook, "variant">

/** Leads to the identity provider. The browser opens the address, because it is another site. */
export function ProviderButton({ name, href, variant, beside = false }: ProviderButtonProps) {
  const t = useTranslations("accounts.provider")
  return (
    <a
      href={href}
      className={buttonClass({ variant, wide: true })}
      {...(beside && { target: "_blank", rel: "opener" })}
    >
      {t("signIn", { name })}
    </a>
  )
}
