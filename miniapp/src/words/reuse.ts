/** What is known already, and need not be photographed. */
export const zh = {};

export const en: typeof zh = {};
