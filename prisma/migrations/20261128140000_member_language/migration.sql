-- AlterTable
ALTER TABLE "member" ADD COLUMN     "language" TEXT;

-- AlterTable
ALTER TABLE "mail" ADD COLUMN     "language" TEXT;
