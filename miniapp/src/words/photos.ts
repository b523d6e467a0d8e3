/** Photographing, and sending the pictures. */
export const zh = {};

export const en: typeof zh = {};
