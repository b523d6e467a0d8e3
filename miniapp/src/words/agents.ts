/** Agents, and the people they act for. */
export const zh = {};

export const en: typeof zh = {};
