-- AlterTable
ALTER TABLE "member" ADD COLUMN     "notices" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "notices" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "to_address" TEXT NOT NULL,
    "values" JSONB NOT NULL,
    "target_id" UUID,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
    "until" TIMESTAMPTZ NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "unanswered" INTEGER NOT NULL DEFAULT 0,
    "answer" TEXT,
    "sent_at" TIMESTAMPTZ,
    "failed_at" TIMESTAMPTZ,

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "share_notice" (
    "share_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),

    CONSTRAINT "share_notice_pkey" PRIMARY KEY ("share_id","kind")
);

-- CreateIndex
CREATE INDEX "mail_target_id_idx" ON "mail"("target_id");

-- CreateIndex
CREATE INDEX "mail_created_at_idx" ON "mail"("created_at");

-- AddForeignKey
ALTER TABLE "share_notice" ADD CONSTRAINT "share_notice_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE CASCADE ON UPDATE CASCADE;
