-- AlterTable
ALTER TABLE "installation" DROP COLUMN "retention_continued_at";

-- AlterTable
ALTER TABLE "member" ADD COLUMN     "legal_hold_ended_at" TIMESTAMPTZ;

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "legal_hold_ended_at" TIMESTAMPTZ;
