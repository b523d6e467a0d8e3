/** Couriers, packing, delivery, and what comes afterwards. */
export const zh = {};

export const en: typeof zh = {};
