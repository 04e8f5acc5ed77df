-- AlterTable
ALTER TABLE "file" ADD COLUMN     "heartbeat_at" TIMESTAMPTZ;
