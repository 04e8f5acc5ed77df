-- CreateEnum
CREATE TYPE "share_kind" AS ENUM ('share', 'request');

-- AlterTable
ALTER TABLE "file" ADD COLUMN     "delivery_id" UUID;

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "share_kind" "share_kind" NOT NULL DEFAULT 'share';

-- CreateTable
CREATE TABLE "request" (
    "share_id" UUID NOT NULL,
    "folder" TEXT NOT NULL DEFAULT '',
    "max_files" INTEGER NOT NULL,
    "max_bytes" BIGINT NOT NULL,
    "max_file_bytes" BIGINT,
    "types" TEXT[] NOT NULL DEFAULT '{}',
    "fields" JSONB NOT NULL DEFAULT '[]',
    "thanks" TEXT NOT NULL DEFAULT '',
    "deleted_at" TIMESTAMPTZ,

    CONSTRAINT "request_pkey" PRIMARY KEY ("share_id")
);

-- CreateTable
CREATE TABLE "request_slug" (
    "slug" TEXT NOT NULL,
    "share_id" UUID NOT NULL,
    "left_at" TIMESTAMPTZ,

    CONSTRAINT "request_slug_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "share_id" UUID NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "address" TEXT NOT NULL DEFAULT '',
    "fields" JSONB NOT NULL DEFAULT '{}',
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
    "done_at" TIMESTAMPTZ,
    "erased_at" TIMESTAMPTZ,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "request_slug_share_id_idx" ON "request_slug"("share_id");

-- CreateIndex
CREATE INDEX "delivery_share_id_started_at_id_idx" ON "delivery"("share_id", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "file_delivery_idx" ON "file"("delivery_id") WHERE (delivery_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "file" ADD CONSTRAINT "file_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "delivery"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request_slug" ADD CONSTRAINT "request_slug_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "request"("share_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "request"("share_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "request" ADD CONSTRAINT "request_limits" CHECK ("max_files" > 0 AND "max_bytes" > 0);
