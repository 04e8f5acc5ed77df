-- AlterTable
ALTER TABLE "file" ADD COLUMN     "sent_name" TEXT,
ADD COLUMN     "sent_path" TEXT;
