-- A device may ask for a token of a team.
ALTER TABLE "device" ADD COLUMN "team" TEXT;
