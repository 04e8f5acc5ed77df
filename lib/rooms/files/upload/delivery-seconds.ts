/** How long a sender can continue a delivery, if the request is open. */
export const DELIVERY_SECONDS = 30 * 86_400
