-- AlterTable
ALTER TABLE "file" ADD COLUMN     "scan_taken_at" TIMESTAMPTZ,
ADD COLUMN     "scan_tries" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "scan_until" TIMESTAMPTZ;

-- CreateIndex
CREATE INDEX "file_scan_taken_idx" ON "file"("scan_taken_at") WHERE (scan_taken_at IS NOT NULL);
