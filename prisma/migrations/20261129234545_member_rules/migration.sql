-- AlterTable
ALTER TABLE "member" ADD COLUMN     "by_rule" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "refused_at" TIMESTAMPTZ;
