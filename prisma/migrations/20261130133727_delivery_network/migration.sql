-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "network" TEXT;

-- CreateIndex
CREATE INDEX "file_received_idx" ON "file"("ready_at") WHERE (delivery_id IS NOT NULL);
