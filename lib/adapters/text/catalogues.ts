import "server-only"
import arChecks from "../../../messages/ar/checks.json" with { type: "json" }
import arCommon from "../../../messages/ar/common.json" with { type: "json" }
import arMail from "../../../messages/ar/mail.json" with { type: "json" }
import arRefusals from "../../../messages/ar/refusals.json" with { type: "json" }
import deChecks from "../../../messages/de/checks.json" with { type: "json" }
import deCommon from "../../../messages/de/common.json" with { type: "json" }
import deMail from "../../../messages/de/mail.json" with { type: "json" }
import deRefusals from "../../../messages/de/refusals.json" with { type: "json" }
import enChecks from "../../../messages/en/checks.json" with { type: "json" }
import enCommon from "../../../messages/en/common.json" with { type: "json" }
import enMail from "../../../messages/en/mail.json" with { type: "json" }
import enRefusals from "../../../messages/en/refusals.json" with { type: "json" }
import esChecks from "../../../messages/es/checks.json" with { type: "json" }
import esCommon from "../../../messages/es/common.json" with { type: "json" }
import esMail from "../../../messages/es/mail.json" with { type: "json" }
import esRefusals from "../../../messages/es/refusals.json" with { type: "json" }
import frChecks from "../../../messages/fr/checks.json" with { type: "json" }
import frCommon from "../../../messages/fr/common.json" with { type: "json" }
import frMail from "../../../messages/fr/mail.json" with { type: "json" }
import frRefusals from "../../../messages/fr/refusals.json" with { type: "json" }
import jaChecks from "../../../messages/ja/checks.json" with { type: "json" }
import jaCommon from "../../../messages/ja/common.json" with { type: "json" }
import jaMail from "../../../messages/ja/mail.json" with { type: "json" }
import jaRefusals from "../../../messages/ja/refusals.json" with { type: "json" }
import ptBRChecks from "../../../messages/pt-BR/checks.json" with { type: "json" }
import ptBRCommon from "../../../messages/pt-BR/common.json" with { type: "json" }
import ptBRMail from "../../../messages/pt-BR/mail.json" with { type: "json" }
import ptBRRefusals from "../../../messages/pt-BR/refusals.json" with { type: "json" }
import zhCNChecks from "../../../messages/zh-CN/checks.json" with { type: "json" }
import zhCNCommon from "../../../messages/zh-CN/common.json" with { type: "json" }
import zhCNMail from "../../../messages/zh-CN/mail.json" with { type: "json" }
import zhCNRefusals from "../../../messages/zh-CN/refusals.json" with { type: "json" }
import type { Locale } from "./languages.ts"

type Catalogue = {
  checks: typeof enChecks
  common: typeof enCommon
  mail: typeof enMail
  refusals: typeof enRefusals
}

/** The words that the server says outside of pages. */
export const CATALOGUES: Record<Locale, Catalogue> = {
  en: { checks: enChecks, common: enCommon, mail: enMail, refusals: enRefusals },
  de: { checks: deChecks, common: deCommon, mail: deMail, refusals: deRefusals },
  fr: { checks: frChecks, common: frCommon, mail: frMail, refusals: frRefusals },
  es: { checks: esChecks, common: esCommon, mail: esMail, refusals: esRefusals },
  "pt-BR": { checks: ptBRChecks, common: ptBRCommon, mail: ptBRMail, refusals: ptBRRefusals },
  ja: { checks: jaChecks, common: jaCommon, mail: jaMail, refusals: jaRefusals },
  "zh-CN": { checks: zhCNChecks, common: zhCNCommon, mail: zhCNMail, refusals: zhCNRefusals },
  ar: { checks: arChecks, common: arCommon, mail: arMail, refusals: arRefusals },
}
