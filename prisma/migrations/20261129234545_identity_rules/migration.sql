-- AlterTable
ALTER TABLE "identity" ADD COLUMN     "by_rule" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "refused_at" TIMESTAMPTZ;
