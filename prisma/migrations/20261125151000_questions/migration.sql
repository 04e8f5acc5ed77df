-- CreateEnum
CREATE TYPE "question_answer" AS ENUM ('opened', 'edited', 'restored', 'dismissed');

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "open_questions" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "question" (
    "id" UUID NOT NULL,
    "share_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "note" TEXT NOT NULL,
    "agent" TEXT,
    "visitor" BYTEA,
    "at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
    "answered_at" TIMESTAMPTZ,
    "answer" "question_answer",

    CONSTRAINT "question_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "question_share_id_idx" ON "question"("share_id");

-- CreateIndex
CREATE INDEX "question_answered_at_idx" ON "question"("answered_at");

-- CreateIndex
CREATE INDEX "share_asked_idx" ON "share"("owner_id") WHERE (open_questions > 0);

-- AddForeignKey
ALTER TABLE "question" ADD CONSTRAINT "question_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "question" ADD CONSTRAINT "question_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE CASCADE ON UPDATE CASCADE;
