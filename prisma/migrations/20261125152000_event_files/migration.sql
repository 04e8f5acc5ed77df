-- Which files a claim or a mint of some of a share's files was about.
-- AlterTable
ALTER TABLE "event" ADD COLUMN     "file_ids" UUID[];
