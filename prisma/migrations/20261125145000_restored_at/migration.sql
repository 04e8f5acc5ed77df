-- A cut off soon after a restore counts every URL as handed out.
ALTER TABLE "installation" ADD COLUMN     "restored_at" TIMESTAMPTZ;
