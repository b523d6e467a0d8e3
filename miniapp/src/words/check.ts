/** Questions, what was read, signing, submitting and correcting. */
export const zh = {};

export const en: typeof zh = {};
