/** A null quota is no limit. */
export type UsageView = { usedBytes: number; quotaBytes: number | null }

/** Whether less than a fifth of the quota is left. */
export const isLow = ({ usedBytes, quotaBytes }: UsageView) =>
  quotaBytes !== null && quotaBytes - usedBytes < quotaBytes / 5
