-- AlterTable
ALTER TABLE "file" ADD COLUMN     "ended_for" TEXT;

-- CreateIndex
CREATE INDEX "file_ended_idx" ON "file"("owner_id") WHERE (ended_for IS NOT NULL);
