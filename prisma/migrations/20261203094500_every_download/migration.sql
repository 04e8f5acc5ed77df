-- Adds notices about every download of a share, and the link by which a delivery began.
ALTER TABLE "share" ADD COLUMN "every_download" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "delivery" ADD COLUMN "link_id" UUID;
