import { useTranslations } from "next-intl"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"

type ProviderButtonProps = {
  name: string
  /** The URL that begins the sign-in. */
  href: string
  /** Opens it in a separate window; the page stays. */
  beside?: boolean
} & Pick<ButtonLook, "variant">

/** A link to the identity provider. It is not a router link, because it leads to another site. */
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
