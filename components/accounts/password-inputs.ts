/** The attributes of an input for a new password. */
export const NEW_PASSWORD = {
  type: "password",
  autoComplete: "new-password",
  required: true,
  minLength: 10,
  maxLength: 200,
} as const

/** The attributes of an input for the password that a member has. */
export const PASSWORD = {
  type: "password",
  autoComplete: "current-password",
  required: true,
} as const
