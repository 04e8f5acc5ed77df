-- Whether the owner of a share is told of each download, and by which link a delivery came.
ALTER TABLE "share" ADD COLUMN "every_download" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "delivery" ADD COLUMN "link_id" UUID;
