-- When a legal hold ended, so that what it kept is named in a mail before it goes.
ALTER TABLE "member" ADD COLUMN "legal_hold_ended_at" TIMESTAMPTZ;
ALTER TABLE "share" ADD COLUMN "legal_hold_ended_at" TIMESTAMPTZ;
