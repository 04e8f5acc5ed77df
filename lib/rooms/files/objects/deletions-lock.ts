/**
 * The advisory lock that a backup holds while it copies objects. No object that is doomed meanwhile
 * is deleted from the store. The lock ends with its database session, however that ends, so a
 * killed backup stops blocking.
 */
export const DELETIONS_LOCK = { class: 720_354_001, key: 1 }
