import {
  Ban,
  File,
  Inbox,
  KeyRound,
  Link2,
  type LucideIcon,
  Server,
  Settings,
  ShieldCheck,
  User,
  UserPlus,
} from "lucide-react"

const SIGNS: Record<string, LucideIcon> = {
  audit: ShieldCheck,
  branding: Settings,
  cut_off: Ban,
  file: File,
  invite: UserPlus,
  member: User,
  request: Inbox,
  session: KeyRound,
  setting: Settings,
  share: Link2,
}

const TONES = {
  ends: { chip: "bg-danger-wash text-danger", text: "text-danger" },
  warns: { chip: "bg-warning text-warning-ink", text: "text-warning-ink" },
  grants: { chip: "bg-success text-success-ink", text: "text-success-ink" },
  changes: { chip: "bg-request text-request-ink", text: "text-request-ink" },
  usual: { chip: "bg-selected text-soft", text: "text-ink" },
} as const

type Kind = keyof typeof TONES

/** The kinds of actions that are not everyday ones. */
const KINDS: [Kind, RegExp][] = [
  [
    "ends",
    /\.(delete|revoke|disable|cut_off|lose|withdraw|expire|end_all|second_factor_remove|passkey_remove|token_end)$/,
  ],
  ["warns", /\.(refuse|tag|keep_admin|abandon|recovery_code|reset_head|reset_link|reset_mail)$/],
  ["grants", /^(invite\.\w+|member\.(enable|role|provide|first|import)|\w+\.restore)$/],
  ["changes", /^(setting|branding|installation|storage|audit)\./],
]

/** The sign of an action by its room, and the colours of its kind. */
export function auditKind(action: string) {
  const [kind = "usual"] = KINDS.find(([, pattern]) => pattern.test(action)) ?? []
  return { Sign: SIGNS[action.split(".")[0] ?? ""] ?? Server, ...TONES[kind] }
}
