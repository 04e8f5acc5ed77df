export const CONTROL =
  "w-full rounded-lg bg-raised px-3 text-ink inset-ring inset-ring-edge placeholder:text-soft " +
  "hover:inset-ring-soft focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent " +
  "disabled:opacity-60 aria-invalid:inset-ring-2 aria-invalid:inset-ring-danger"
