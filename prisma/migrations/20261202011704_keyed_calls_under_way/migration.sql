-- AlterTable
ALTER TABLE "keyed_call" ADD COLUMN     "calls" INTEGER NOT NULL DEFAULT 1;
