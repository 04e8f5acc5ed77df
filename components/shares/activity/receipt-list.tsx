"use client"

import { Laptop, type LucideIcon, Smartphone, Tablet, Terminal } from "lucide-react"
import { useTranslations } from "next-intl"
import { LocalTime, useReader } from "#components/time/local-time.tsx"
import { dateTimeFormat } from "#lib/adapters/text/intl-formatters.ts"
import { type Device, deviceOf, type Receipt } from "#lib/rooms/activity/receipt.ts"
import { ReceiptSentence, type ReceiptShare } from "./receipt-sentence.tsx"

type ReceiptListProps = { receipts: Receipt[]; share: ReceiptShare; now: string }

/** A visit that lasted longer shows when it was last active. */
const LONG_MS = 5 * 60_000

/** The activity of each visitor, grouped by day in the reader's time zone, newest first. */
export function ReceiptList({ receipts, share, now }: ReceiptListProps) {
  const dayOf = useDays()
  const days = Map.groupBy(receipts, ({ lastAt }) => dayOf(lastAt))
  return [...days].map(([day, ofDay]) => (
    <section key={day} className="mt-5 first-of-type:mt-0">
      <h4 className="mb-2 text-sm text-soft">
        <LocalTime at={ofDay[0]?.lastAt ?? now} form="day" now={now} />
      </h4>
      <ul className="border-t border-line">
        {ofDay.map((receipt) => (
          <Row
            key={receipt.id}
            receipt={receipt}
            share={share}
            now={now}
            isSameDay={dayOf(receipt.firstAt) === day}
          />
        ))}
      </ul>
    </section>
  ))
}

function useDays() {
  const { timeZone } = useReader()
  const format = dateTimeFormat("en-CA", { timeZone })
  return (at: string) => format.format(new Date(at))
}

type RowProps = { receipt: Receipt; share: ReceiptShare; now: string; isSameDay: boolean }

function Row({ receipt, share, now, isSameDay }: RowProps) {
  const t = useTranslations("member.receipts")
  const { recipient, referrer, firstAt, lastAt, agent } = receipt
  const device = deviceOf(agent)
  const Icon = iconOf(device)
  const isLong = Date.parse(lastAt) - Date.parse(firstAt) > LONG_MS
  const last = <LocalTime at={lastAt} form="time" zone={false} now={now} />
  const more = [
    device.browser,
    referrer && t("from", { host: referrer }),
    isLong && t.rich("last", { time: () => last }),
  ].filter(Boolean)
  return (
    <li className="grid grid-cols-[1.125rem_minmax(0,1fr)] gap-x-3.5 border-b border-line py-3 text-[0.9375rem]">
      <Icon aria-hidden size={16} className="mt-1 text-soft" />
      <div className="min-w-0">
        {recipient && (
          <p className="font-medium wrap-anywhere">
            <bdi>{recipient}</bdi>
          </p>
        )}
        <p>
          <ReceiptSentence
            receipt={receipt}
            share={share}
            time={
              <LocalTime at={firstAt} form={isSameDay ? "time" : "short"} zone={false} now={now} />
            }
          />
        </p>
        {more.length > 0 && (
          <p className="text-sm text-soft wrap-anywhere">
            {more.map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no other key
              <span key={index}>
                {index > 0 && " · "}
                {part}
              </span>
            ))}
          </p>
        )}
      </div>
    </li>
  )
}

function iconOf({ system, tool }: Device): LucideIcon {
  if (tool) return Terminal
  if (system === "iPad") return Tablet
  return system === "iPhone" || system === "Android" ? Smartphone : Laptop
}
