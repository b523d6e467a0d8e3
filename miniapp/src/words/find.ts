/** Finding an item, and its guide. */
export const zh = {};

export const en: typeof zh = {};
