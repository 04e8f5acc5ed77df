/** The columns of a wide page of settings: labels and hints on the left, controls on the right. */
export const ROW = "lg:grid lg:grid-cols-[minmax(0,20rem)_minmax(0,28rem)] lg:gap-x-12"

export const BELOW_CONTROL = "lg:col-start-2"

export const FIELD_ROW = `w-full max-w-md lg:max-w-none ${ROW} lg:grid-rows-[auto_1fr] lg:items-start lg:gap-y-1 lg:[&>:first-child]:pt-2.5 lg:[&>:nth-child(2)]:col-start-2 lg:[&>:nth-child(2)]:row-span-2 lg:[&>:nth-child(2)]:row-start-1 lg:[&>[id$=-error]]:col-start-2 lg:[&>[id$=-error]]:row-start-3 lg:[&>[id$=-hint]]:col-start-1 lg:[&>[id$=-hint]]:row-start-2`

export const SWITCH_ROW = `w-full ${ROW} [&>span>:first-child]:text-sm [&>span>:first-child]:font-medium [&>span>:first-child]:leading-6 [&>span>:nth-child(2)]:mt-1 [&>span>:nth-child(2)]:text-xs lg:[&>input]:col-start-2 lg:[&>input]:row-start-1 lg:[&>span]:col-start-1 lg:[&>span]:row-start-1`
