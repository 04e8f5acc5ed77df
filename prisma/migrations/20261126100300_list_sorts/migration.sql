-- AlterTable
ALTER TABLE "member" ADD COLUMN     "list_sorts" JSONB NOT NULL DEFAULT '{}';
