-- CreateEnum
CREATE TYPE "activity_part" AS ENUM ('quarter', 'file', 'agent', 'referrer', 'link');

-- CreateTable
CREATE TABLE "share_hour" (
    "share_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ NOT NULL,
    "parts" "activity_part"[],
    "names" TEXT[],
    "kinds" "event_kind"[],
    "counts" BIGINT[],

    CONSTRAINT "share_hour_pkey" PRIMARY KEY ("share_id","hour")
);

-- AddForeignKey
ALTER TABLE "share_hour" ADD CONSTRAINT "share_hour_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE CASCADE ON UPDATE CASCADE;
